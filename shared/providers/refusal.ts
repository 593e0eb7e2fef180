/**
 * What a cloud said when it refused, in the one form that tables of errors are written for, and what all clouds' answers
 * have in common. Pure: no I/O, no clock.
 */
import * as z from 'zod';
import { cutText } from '../domain/text.ts';
import type { ProviderAnswer } from './request.ts';

export interface Refusal {
  readonly status: number;
  /** The cloud's own code or RFC 6749 error, at most 64 characters. */
  readonly code?: string;
  /** The cloud's own words on one line, at most 256 characters. */
  readonly message?: string;
  readonly headers: ProviderAnswer['headers'];
}

const MAX_CODE_LENGTH = 64;
const MAX_MESSAGE_LENGTH = 256;

/** A text or number of a refusal's body; anything else says nothing. */
export const refusalText = z
  .union([z.string(), z.number()])
  .transform((value) => String(value))
  .optional()
  .catch(undefined);

/** What was found in the answer's body, cut to what can be shown and kept. */
export function toRefusal(
  { status, headers }: ProviderAnswer,
  { code, message }: { code?: string | undefined; message?: string | undefined },
): Refusal {
  return {
    status,
    headers,
    ...(code !== undefined && { code: cutText(code, MAX_CODE_LENGTH) }),
    // Legrand's login host puts CR and LF into its descriptions.
    ...(message !== undefined && {
      message: cutText(message.replace(/\s+/g, ' ').trim(), MAX_MESSAGE_LENGTH),
    }),
  };
}

/** `Retry-After`, seconds; its date form counts from the answer's own `Date`. */
export function statedRetryAfter({ headers }: Refusal): number | undefined {
  const stated = headers['retry-after']?.trim();
  if (stated === undefined || stated === '') return undefined;
  if (/^\d{1,9}$/.test(stated)) return Number(stated);
  const seconds = (Date.parse(stated) - Date.parse(headers.date ?? '')) / 1_000;
  return Number.isFinite(seconds) ? Math.max(0, Math.ceil(seconds)) : undefined;
}
