/** What rows of a cloud's table of errors are made of. Pure: no I/O, no clock. */
import type { Actor } from '../domain/actor.ts';
import type { LimitOf } from '../domain/call-limits.ts';
import { type ErrorCode, LatchkeyError, type Repeat } from '../domain/error.ts';
import type { GrantRefusal } from './provider.ts';
import type { Refusal } from './refusal.ts';

export type Condition = (refusal: Refusal) => boolean;

/** What a refusal means to us: a line of the reference, and of the program. */
export interface Meaning {
  /** What the cloud answers, as its documentation or its servers have it: status, code, words. */
  readonly answer: string;
  readonly code: ErrorCode;
  readonly message: string;
  /** What can be done about it, in plain words. */
  readonly remedy: string;
  readonly actor: Actor;
  readonly retryAfterSeconds?: (refusal: Refusal) => number | undefined;
  /** Whose limit was reached; the account's where absent. */
  readonly limitOf?: LimitOf;
  readonly repeat?: Repeat;
}

export interface ErrorRow extends Meaning {
  readonly when: Condition;
}

export interface GrantRow extends ErrorRow {
  readonly kind: GrantRefusal['kind'];
}

/** All that a cloud answers when it does not do what it was asked: the source of the reference. */
export interface ErrorTable {
  /** The cloud's name, as people know it. */
  readonly cloud: string;
  readonly api: readonly Meaning[];
  readonly grants: readonly (Meaning & Pick<GrantRow, 'kind'>)[];
  /** What it says of what a person entered to be linked; absent where it asks for that itself. */
  readonly login?: readonly Meaning[];
  /** What it reports of single modules within a success; absent where it tells nothing of the kind. */
  readonly partial?: readonly Meaning[];
}

export const status =
  (...statuses: number[]): Condition =>
  (refusal) =>
    statuses.includes(refusal.status);

export const code =
  (...codes: string[]): Condition =>
  (refusal) =>
    refusal.code !== undefined && codes.includes(refusal.code);

export const says =
  (pattern: RegExp): Condition =>
  ({ message = '' }) =>
    pattern.test(message);

export const both =
  (one: Condition, other: Condition): Condition =>
  (refusal) =>
    one(refusal) && other(refusal);

export const either =
  (one: Condition, other: Condition): Condition =>
  (refusal) =>
    one(refusal) || other(refusal);

/** Server errors are repeated twice, after two seconds and after four, as clients of these clouds do. */
export const backOff: Repeat = { afterSeconds: 2, times: 2, pauses: 'double', effect: 'possible' };

export function toError(meaning: Meaning, refusal: Refusal): LatchkeyError {
  const { remedy, actor, limitOf, repeat } = meaning;
  const retryAfterSeconds = meaning.retryAfterSeconds?.(refusal);
  return new LatchkeyError(meaning.code, meaning.message, {
    details: {
      remedy,
      actor,
      provider: {
        status: refusal.status,
        ...(refusal.code !== undefined && { code: refusal.code }),
        ...(refusal.message !== undefined && { message: refusal.message }),
      },
      ...(limitOf !== undefined && { limitOf }),
      ...(retryAfterSeconds !== undefined && { retryAfterSeconds }),
      ...(repeat !== undefined && { repeat }),
    },
  });
}
