/** The one error class, and what it carries. What its codes mean is in `error-policy.ts`. Pure: no I/O, no clock. */
import type { Actor } from './actor.ts';
import type { LimitOf } from './call-limits.ts';
import type { errorPolicy } from './error-policy.ts';

export type ErrorCode = keyof typeof errorPolicy;

/** How a request that was refused is sent again. */
export interface Repeat {
  /** Before the first repeat, seconds. */
  readonly afterSeconds: number;
  readonly times: number;
  /** `double`: each pause is twice the one before it; `same`: all are alike. */
  readonly pauses: 'same' | 'double';
  /** Whether the refused request may have had its effect all the same; then only what changes nothing twice is repeated. */
  readonly effect: 'none' | 'possible';
}

/** Plain values that are safe to log and to show: never a token, a code, a header set or a body. */
export interface ErrorDetails {
  /** What a person can do about it, in plain words. */
  readonly remedy?: string;
  /** What the provider itself said. */
  readonly provider?: { readonly status: number; readonly code?: string; readonly message?: string };
  readonly retryAfterSeconds?: number;
  /** Whose limit was reached; the account's where absent. */
  readonly limitOf?: LimitOf;
  /** Who has to act; absent where the code alone says it. */
  readonly actor?: Actor;
  /** Set where the provider's table says that the same request may be sent again by itself. */
  readonly repeat?: Repeat;
  /** Scopes of which an access token needs one. */
  readonly scopes?: readonly string[];
  /** Whether the request may have reached the provider; absent where that is not in question. */
  readonly sent?: boolean;
  /** Field paths of a refused request, each with its reason. */
  readonly fields?: Readonly<Record<string, string>>;
}

export class LatchkeyError extends Error {
  readonly code: ErrorCode;
  readonly details: ErrorDetails;

  constructor(code: ErrorCode, message: string, options: { cause?: unknown; details?: ErrorDetails } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'LatchkeyError';
    this.code = code;
    this.details = options.details ?? {};
  }
}
