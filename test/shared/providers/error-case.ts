/** How a simulated cloud is brought to answer one row of its tables of errors, and what has to come of it. */
import type { Actor } from '../../../shared/domain/actor.ts';
import type { ErrorCode, ErrorDetails, Repeat } from '../../../shared/domain/error.ts';
import type { GrantRefusal } from '../../../shared/providers/provider.ts';

/** A fault as the cloud's switches take it. */
export interface AnyFault {
  readonly name: string;
  readonly parameters?: Readonly<Record<string, unknown>>;
}

export interface ErrorCase<F extends AnyFault = AnyFault> {
  /** The row's own `answer`. */
  readonly row: string;
  readonly fault?: F;
  readonly code: ErrorCode;
  /** Of the problem document. */
  readonly status: number;
  readonly actor: Actor;
  readonly retry: 'never' | 'later';
  /** The cloud's own status, code and words. */
  readonly provider: NonNullable<ErrorDetails['provider']>;
  readonly retryAfterSeconds?: number;
}

/** Of a call of the API. */
export interface CallCase<F extends AnyFault = AnyFault> extends ErrorCase<F> {
  readonly repeat?: Repeat;
}

/** Of an exchange of tokens. */
export interface GrantCase<F extends AnyFault = AnyFault> extends ErrorCase<F> {
  readonly kind: GrantRefusal['kind'];
  /** What is wrong with the request itself. */
  readonly wrong?: 'client' | 'token';
  /** Account status and cause of its health afterwards; nothing, where all accounts are at a loss. */
  readonly health?: { readonly status: string; readonly cause?: string };
}

/** Server errors are repeated twice, after two seconds and after four. */
export const backOff: Repeat = { afterSeconds: 2, times: 2, pauses: 'double', effect: 'possible' };

/** What is the same of refused exchanges at every cloud. */
export const misconfigured = {
  code: 'config_invalid',
  status: 500,
  actor: 'operator',
  retry: 'never',
  kind: 'operator',
} as const;
export const grantDead = {
  code: 'account_unlinked',
  status: 409,
  actor: 'owner',
  retry: 'never',
  kind: 'invalid_grant',
  // Linked for now: it may be a race that was lost, so it is asked about for a day.
  health: { status: 'linked', cause: 'grant_invalid' },
} as const;
export const loginFailing = {
  code: 'provider_unavailable',
  status: 503,
  actor: 'provider',
  retry: 'later',
  kind: 'probably_not_spent',
  health: { status: 'linked', cause: 'provider_failing' },
} as const;
export const loginThrottled = { status: 'linked', cause: 'provider_throttled' } as const;
