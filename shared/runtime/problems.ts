/** The reference of problems of this program: its codes, and the answers of all clouds that it knows. */
import { type ProblemEntry, problemReference } from '../api/problem-reference.ts';
import { LatchkeyError } from '../domain/error.ts';
import { errorTables } from '../providers/error-tables.ts';

export const problems: readonly ProblemEntry[] = problemReference(Object.values(errorTables));

/** @throws {LatchkeyError} problem_unknown – when no problem has this code */
export function problemOf(code: string): ProblemEntry {
  const entry = problems.find((candidate) => candidate.code === code);
  if (!entry) throw new LatchkeyError('problem_unknown', 'no problem has this code');
  return entry;
}
