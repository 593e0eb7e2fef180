/**
 * What a Legrand server said when it refused: five shapes of body, told apart by their content, and the waits that
 * hide in prose. Pure: no I/O, no clock.
 */
import * as z from 'zod';
import { parseJson, type Refusal, statedRetryAfter, refusalText as text, toRefusal } from '../refusal.ts';
import type { ProviderAnswer } from '../request.ts';

/** Every known shape at once; which one it is shows in what is there. */
const RefusalBody = z.object({
  message: text,
  code: text,
  error: text,
  error_description: text,
  errors: z
    .array(z.object({ userMessage: text, internalMessage: text, code: text }))
    .optional()
    .catch(undefined),
});

/** Reads whatever body came; an empty one, HTML and other junk say nothing. */
export function readRefusal(answer: ProviderAnswer): Refusal {
  const body = RefusalBody.safeParse(parseJson(answer.body)).data ?? {};
  const first = body.errors?.[0];
  return toRefusal(answer, {
    code: body.error ?? body.code ?? first?.code,
    message: body.error_description ?? body.message ?? first?.userMessage ?? first?.internalMessage,
  });
}

/** `Quota will be replenished in [d.]hh:mm:ss`, else `Retry-After`, else until midnight UTC by the server's clock. */
export function untilQuotaReturns(refusal: Refusal): number {
  return replenishedIn(refusal.message) ?? statedRetryAfter(refusal) ?? untilMidnight(refusal.headers.date);
}

/** `Retry-After`, else `Try again in N seconds`, else a minute (Azure's window, and what other clients wait). */
export function untilRateReturns(refusal: Refusal): number {
  const told = /try again in (\d{1,9}) second/i.exec(refusal.message ?? '')?.[1];
  return statedRetryAfter(refusal) ?? (told === undefined ? 60 : Number(told));
}

function replenishedIn(message = ''): number | undefined {
  const found = /(?:(\d{1,4})\.)?(\d{1,2}):(\d{2}):(\d{2})/.exec(message);
  if (found === null) return undefined;
  const [days = 0, hours = 0, minutes = 0, seconds = 0] = found.slice(1).map((part) => Number(part ?? 0));
  return ((days * 24 + hours) * 60 + minutes) * 60 + seconds;
}

/** A driver has no clock; the answer has. Without a `Date` an hour passes before it is tried again. */
function untilMidnight(date = ''): number {
  const epochMs = Date.parse(date);
  if (Number.isNaN(epochMs)) return 3_600;
  return Math.ceil((new Date(epochMs).setUTCHours(24, 0, 0, 0) - epochMs) / 1_000);
}
