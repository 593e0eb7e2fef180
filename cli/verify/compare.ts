/** Compares a whole copy once. */
import type { Waiting } from '../sync/run-sync.ts';
import type { Progress } from '../sync/sink.ts';
import { compareRecords } from './compare-records.ts';
import { compareState } from './compare-state.ts';
import type { Comparing } from './comparing.ts';
import type { Outcome } from './report.ts';

export type News =
  | Waiting
  | { readonly kind: 'step'; readonly text: string; readonly done: number; readonly total?: number };

export type Compared = Pick<Outcome, 'documents' | 'past' | 'behind' | 'ranges'>;

/** Of state only what was copied once is compared: see `latchkey sync`. */
export async function compare(comparing: Comparing, { cursor, phase }: Progress): Promise<Compared> {
  const records = await compareRecords(comparing, cursor);
  if (phase === 'copying') return { ...records, behind: [] };
  const { documents, behind } = await compareState(comparing);
  return { ...records, documents: { ...records.documents, ...documents }, behind };
}
