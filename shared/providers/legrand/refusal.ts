/**
 * What a Legrand server said when it refused: five shapes of body, told apart by their content, and the waits that
 * hide in prose. Pure: no I/O, no clock.
 */
import * as z from 'zod';
import { parseJson } from '../../domain/text.ts';
import { type Refusal, statedRetryAfter, refusalText as text, toRefusal } from '../refusal.ts';
import type { ProviderAnswer } from '../request.ts';

/** Every known shape at once; which one it is shows in what is there. */
const RefusalBody = z.object({
  statusCode: z.coerce.number().int().min(400).max(599).optional().catch(undefined),
  message: text,
  code: text,
  error: text,
  error_description: text,
  errors: z
    .array(z.object({ userMessage: text, internalMessage: text, code: text }))
    .optional()
    .catch(undefined),
});

/** The codes of Legrand's token layer: internal error, no token, token expired. */
const LAYER_CODES = ['1', '10', '11'];

/** Whether an answer refuses, whatever its status says: the body of a success may be one of an error. */
export function isRefusal(answer: ProviderAnswer): boolean {
  if (!isSuccess(answer)) return true;
  const { statusCode, message, code = '', error = '', errors = [] } = readBody(answer);
  const isOfLayer = message !== undefined && LAYER_CODES.includes(code);
  return statusCode !== undefined || error !== '' || errors.length > 0 || isOfLayer;
}

/** Reads whatever body came; an empty one, HTML and other junk say nothing. Within a success, the body's status counts. */
export function readRefusal(answer: ProviderAnswer): Refusal {
  const body = readBody(answer);
  const first = body.errors?.[0];
  const status = (isSuccess(answer) ? body.statusCode : undefined) ?? answer.status;
  return toRefusal(
    { ...answer, status },
    {
      code: body.error ?? body.code ?? first?.code,
      message: body.error_description ?? body.message ?? first?.userMessage ?? first?.internalMessage,
    },
  );
}

function isSuccess({ status }: ProviderAnswer): boolean {
  return status >= 200 && status < 300;
}

function readBody({ body }: ProviderAnswer): Partial<z.infer<typeof RefusalBody>> {
  return RefusalBody.safeParse(parseJson(body)).data ?? {};
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
