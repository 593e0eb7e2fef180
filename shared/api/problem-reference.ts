/** The reference of all problems, made from the codes' own table and from what the clouds answer. Pure. */
import * as z from 'zod';
import { Actor } from '../domain/actor.ts';
import type { ErrorCode, Repeat } from '../domain/error.ts';
import { type ErrorPolicy, errorPolicy } from '../domain/error-policy.ts';
import { KnownCode, problemType } from '../domain/problem.ts';

/** A row of a cloud's table of errors, as far as the reference tells of it. */
export interface AnswerRow {
  /** What the cloud answers: status, code, words. */
  readonly answer: string;
  readonly code: ErrorCode;
  readonly message: string;
  readonly remedy: string;
  readonly actor: Actor;
  readonly repeat?: Repeat;
  /** Set where the answer says how long to wait. */
  readonly retryAfterSeconds?: unknown;
}

export interface GrantAnswerRow extends AnswerRow {
  readonly kind: keyof typeof exchangeWords;
}

export interface AnswerTable {
  readonly cloud: string;
  readonly api: readonly AnswerRow[];
  readonly grants: readonly GrantAnswerRow[];
  /** What it says of what a person entered to be linked. */
  readonly login?: readonly AnswerRow[];
  /** What the cloud reports of single modules within a success. */
  readonly partial?: readonly AnswerRow[];
}

export const ProviderAnswerView = z.object({
  /** The cloud's name. */
  provider: z.string(),
  /** `partial`: the API, of a single module within an answer that is a success as a whole; `login`: when an account is linked. */
  endpoint: z.enum(['api', 'token', 'partial', 'login']),
  /** What the cloud answers: status, code, words. */
  answer: z.string(),
  meaning: z.string(),
  actor: Actor,
  remedy: z.string(),
  /** Whether and how Latchkey itself sends it again. */
  repeats: z.string(),
});
export type ProviderAnswerView = z.infer<typeof ProviderAnswerView>;

export const ProblemEntry = z.object({
  code: KnownCode,
  type: z.string(),
  title: z.string(),
  status: z.int(),
  explanation: z.string(),
  actor: Actor,
  retry: z.enum(['never', 'later']),
  remedy: z.string(),
  /** The clouds' answers that lead to it. */
  answers: z.array(ProviderAnswerView),
});
export type ProblemEntry = z.infer<typeof ProblemEntry>;

/** An entry for each code, in the order of the codes' table. */
export function problemReference(tables: readonly AnswerTable[]): readonly ProblemEntry[] {
  const answers = tables.flatMap(({ cloud, api, grants, login = [], partial = [] }) => [
    ...api.map((row) => ({ code: row.code, view: toView(cloud, 'api', row, commandWords(row)) })),
    ...partial.map((row) => ({ code: row.code, view: toView(cloud, 'partial', row, commandWords(row)) })),
    ...login.map((row) => ({ code: row.code, view: toView(cloud, 'login', row, 'No') })),
    ...grants.map((row) => ({
      code: row.code,
      view: toView(cloud, 'token', row, exchangeWords[row.kind]),
    })),
  ]);
  return Object.entries(errorPolicy).map(([name, policy]) => {
    const code = name as ErrorCode;
    const { title, status, explanation, actor, retry, remedy }: ErrorPolicy = policy;
    const own = answers.filter((answer) => answer.code === code).map(({ view }) => view);
    return { code, type: problemType(code), title, status, explanation, actor, retry, remedy, answers: own };
  });
}

function toView(
  provider: string,
  endpoint: ProviderAnswerView['endpoint'],
  { answer, message, actor, remedy }: AnswerRow,
  repeats: string,
): ProviderAnswerView {
  return { provider, endpoint, answer, meaning: message, actor, remedy, repeats };
}

/** Reads are not repeated by themselves: the next poll is their repeat. */
function commandWords({ repeat, retryAfterSeconds }: AnswerRow): string {
  if (repeat === undefined) {
    return retryAfterSeconds === undefined
      ? 'No'
      : 'Not by itself: the problem says after how many seconds a repeat helps';
  }
  const { afterSeconds, times, pauses, effect } = repeat;
  const often = times === 1 ? 'once' : `up to ${times} times`;
  const rhythm = times > 1 && pauses === 'double' ? ', each pause twice the one before' : '';
  const only = effect === 'possible' ? ', if sending it twice changes nothing' : '';
  return `Commands ${often}, after ${afterSeconds} s${rhythm}${only}`;
}

/** What rotation does about a refused exchange of tokens. */
const exchangeWords = {
  not_spent: 'The exchange, after the time that the provider gives, else after a minute',
  probably_not_spent: 'The exchange, with growing pauses up to 15 minutes',
  operator: 'All exchanges at this provider wait until it takes the application again',
  invalid_grant: 'The exchange, for a day, before the account counts as unlinked; a new link is not repeated',
  owner_action: 'The exchange, every hour until the owner has acted',
} as const;
