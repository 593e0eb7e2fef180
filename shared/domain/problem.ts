import * as z from 'zod';
import { type ErrorCode, errorPolicy, type LatchkeyError } from './error.ts';

/** A problem document as it is stored on links and commands and answered to clients. @see RFC 9457 §3.1 */
export const Problem = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  code: z.enum(Object.keys(errorPolicy) as [ErrorCode, ...ErrorCode[]]),
  detail: z.string().optional(),
  remedy: z.string().optional(),
  provider: z
    .object({ status: z.int(), code: z.string().optional(), message: z.string().optional() })
    .optional(),
  retryAfterSeconds: z.number().optional(),
  fields: z.record(z.string(), z.string()).optional(),
});
export type Problem = z.infer<typeof Problem>;

/** `type` is a reference relative to the API's own address. */
export function toProblem(error: LatchkeyError): Problem {
  const { status, title, expose } = errorPolicy[error.code];
  const { remedy, provider, retryAfterSeconds, fields } = error.details;
  return {
    type: `/problems/${error.code}`,
    title,
    status,
    code: error.code,
    ...(expose && { detail: error.message }),
    ...(remedy !== undefined && { remedy }),
    ...(provider !== undefined && { provider }),
    ...(retryAfterSeconds !== undefined && { retryAfterSeconds }),
    ...(fields !== undefined && { fields }),
  };
}
