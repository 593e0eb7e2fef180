import * as z from 'zod';
import { Actor } from './actor.ts';
import type { ErrorCode, LatchkeyError } from './error.ts';
import { type ErrorPolicy, errorPolicy } from './error-policy.ts';

export const KnownCode = z.enum(Object.keys(errorPolicy) as [ErrorCode, ...ErrorCode[]]);

/** A problem document as it is answered to clients. @see RFC 9457 §3.1 */
export const Problem = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  code: KnownCode,
  detail: z.string().optional(),
  /** What can be done about it, in plain words. */
  remedy: z.string(),
  /** Who has to do it. */
  actor: Actor,
  /** Whether the same request may succeed later without anybody changing anything. */
  retry: z.enum(['never', 'later']),
  /** What the provider itself said. */
  provider: z
    .object({ status: z.int(), code: z.string().optional(), message: z.string().optional() })
    .optional(),
  retryAfterSeconds: z.number().optional(),
  fields: z.record(z.string(), z.string()).optional(),
});
export type Problem = z.infer<typeof Problem>;

/** As it is kept on links and commands; an older one that does not tell who acts gets what its code says. */
export const StoredProblem = z.preprocess((stored) => {
  const known = z.looseObject({ code: KnownCode }).safeParse(stored).data;
  if (known === undefined) return stored;
  const { actor, retry, remedy } = errorPolicy[known.code];
  return { actor, retry, remedy, ...known };
}, Problem);

/** Where the reference explains a code: a reference relative to the API's own address. */
export function problemType(code: ErrorCode): string {
  return `/problems/${code}`;
}

export function toProblem(error: LatchkeyError): Problem {
  const policy: ErrorPolicy = errorPolicy[error.code];
  const { repeat, provider, retryAfterSeconds, fields } = error.details;
  const isTimed = repeat !== undefined || retryAfterSeconds !== undefined;
  return {
    type: problemType(error.code),
    title: policy.title,
    status: policy.status,
    code: error.code,
    ...(policy.expose && { detail: error.message }),
    remedy: error.details.remedy ?? policy.remedy,
    actor: error.details.actor ?? policy.actor,
    retry: isTimed ? 'later' : policy.retry,
    ...(provider !== undefined && { provider }),
    ...(retryAfterSeconds !== undefined && { retryAfterSeconds }),
    ...(fields !== undefined && { fields }),
  };
}
