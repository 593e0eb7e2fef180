/** Whether a command whose attempt failed is sent again, and when. Pure: no I/O, no clock. */
import type { LatchkeyError, Repeat } from './error.ts';
import { errorPolicy } from './error-policy.ts';

/** What is known of the attempt beside its error. */
export interface FailedAttempt {
  /** Attempts begun so far, this one included. */
  readonly attempts: number;
  readonly isIdempotent: boolean;
  /** Whether the request was handed to the network at all: getting a token comes before that. */
  readonly hasLeft: boolean;
  /** Seconds until the command expires; infinite where it does not. */
  readonly expiresInSeconds: number;
}

export type Verdict =
  | { readonly kind: 'repeat'; readonly afterSeconds: number }
  | { readonly kind: 'failed' | 'expired' | 'unknown' };

/** What did not leave had no effect, and is sent again as after a server error. */
const unsent: Repeat = { afterSeconds: 2, times: 2, pauses: 'double', effect: 'none' };
/** A cloud that still says «too many calls» after so many pauses of its own choosing is not asked any more. */
const THROTTLED_TIMES = 3;
/** A command that would wait longer than this fails at once, seconds: whoever wished it would rather know. */
const LONGEST_PAUSE_SECONDS = 300;

/** The provider's table says what may be repeated (`details.repeat`); what may have had its effect needs more than that. */
export function judgeAttempt(error: LatchkeyError, attempt: FailedAttempt): Verdict {
  if (error.code === 'command_expired') return { kind: 'expired' };
  if (isAnswerLost(error, attempt)) return { kind: 'unknown' };
  const repeat = repeatOf(error, attempt);
  if (repeat === undefined || attempt.attempts > repeat.times) return { kind: 'failed' };
  if (repeat.effect === 'possible' && !attempt.isIdempotent) return { kind: 'failed' };
  const afterSeconds = pauseAfter(repeat, attempt.attempts, error.details.retryAfterSeconds);
  if (afterSeconds > LONGEST_PAUSE_SECONDS) return { kind: 'failed' };
  if (afterSeconds < attempt.expiresInSeconds) return { kind: 'repeat', afterSeconds };
  return { kind: error.code === 'provider_throttled' ? 'failed' : 'expired' };
}

/** No answer to a request that may have arrived: whether the module obeyed, only its state can tell. */
function isAnswerLost({ code, details }: LatchkeyError, { hasLeft }: FailedAttempt): boolean {
  return (
    code === 'provider_unavailable' && hasLeft && details.sent === true && details.provider === undefined
  );
}

function repeatOf({ code, details }: LatchkeyError, { hasLeft }: FailedAttempt): Repeat | undefined {
  if (code === 'provider_throttled') {
    const { retryAfterSeconds } = details;
    if (retryAfterSeconds === undefined) return undefined;
    return { afterSeconds: retryAfterSeconds, times: THROTTLED_TIMES, pauses: 'same', effect: 'none' };
  }
  const mayPass = errorPolicy[code].retry === 'later';
  if (mayPass && (!hasLeft || details.sent === false)) return unsent;
  return details.repeat;
}

/** A cloud that names a time knows better than its table. */
function pauseAfter({ afterSeconds, pauses }: Repeat, attempts: number, toldSeconds = 0): number {
  return Math.max(pauses === 'double' ? afterSeconds * 2 ** (attempts - 1) : afterSeconds, toldSeconds);
}
