/** What rows of the error table are made of. Pure: no I/O, no clock. */
import { type ErrorCode, LatchkeyError } from '../../domain/error.ts';
import type { GrantRefusal } from '../provider.ts';
import type { Refusal } from './refusal.ts';

type Condition = (refusal: Refusal) => boolean;

/** What a refusal means to us. */
export interface Meaning {
  readonly code: ErrorCode;
  readonly message: string;
  readonly remedy?: string;
  readonly retryAfterSeconds?: (refusal: Refusal) => number | undefined;
  /** Nothing happened, and the same request may be sent again after so long. */
  readonly repeatAfterSeconds?: number;
}

export interface ErrorRow extends Meaning {
  readonly when: Condition;
}

export interface GrantRow extends ErrorRow {
  readonly kind: GrantRefusal['kind'];
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

/** Azure's word for a missing or wrong `Ocp-Apim-Subscription-Key`. */
export const blamesSubscriptionKey = says(/subscription key/i);

/** Codes 10 (no token) and 11 (token expired) come from the token layer, whatever status it gives them. */
export const isTokenRefused: Condition = (refusal) =>
  refusal.status === 401
    ? !blamesSubscriptionKey(refusal)
    : refusal.status < 500 && code('10', '11')(refusal);

export function toError(meaning: Meaning, refusal: Refusal): LatchkeyError {
  const { remedy, repeatAfterSeconds } = meaning;
  const retryAfterSeconds = meaning.retryAfterSeconds?.(refusal);
  return new LatchkeyError(meaning.code, meaning.message, {
    details: {
      ...(remedy !== undefined && { remedy }),
      provider: {
        status: refusal.status,
        ...(refusal.code !== undefined && { code: refusal.code }),
        ...(refusal.message !== undefined && { message: refusal.message }),
      },
      ...(retryAfterSeconds !== undefined && { retryAfterSeconds }),
      ...(repeatAfterSeconds !== undefined && { repeatAfterSeconds }),
    },
  });
}
