/**
 * The one error class, its closed list of codes, and the one table that says what each code means
 * to an HTTP client and to a retrying event source. Pure: no I/O, no clock.
 */
import type { Actor } from './actor.ts';

export interface ErrorPolicy {
  /** HTTP status of the problem document (RFC 9457). */
  readonly status: number;
  /** Whether the same request may succeed later without anybody changing anything. */
  readonly retry: 'never' | 'later';
  /** Whether `message` may be shown to an HTTP client; otherwise only `title` is. */
  readonly expose: boolean;
  readonly title: string;
}

const never = (status: number, title: string): ErrorPolicy => ({
  status,
  retry: 'never',
  expose: true,
  title,
});
const later = (status: number, title: string): ErrorPolicy => ({
  status,
  retry: 'later',
  expose: true,
  title,
});

export const errorPolicy = {
  request_invalid: never(400, 'The request is not valid'),
  request_too_large: never(413, 'The request body is too large'),
  route_unknown: never(404, 'There is no such route'),
  access_unauthenticated: never(401, 'A valid access token is needed'),
  access_forbidden: never(403, 'The access token does not allow this'),
  link_unknown: never(404, 'There is no such link'),
  link_expired: never(410, 'The link has expired or was already used'),
  link_refused: never(403, 'The account was not linked'),
  account_unknown: never(404, 'There is no such account'),
  account_unlinked: never(409, 'The owner has to link the account again'),
  owner_action_required: never(409, "The owner has to act in the provider's own app"),
  replay_running: later(409, 'The account has a replay that has not finished'),
  plant_unknown: never(404, 'There is no such plant'),
  module_unknown: never(404, 'There is no such module'),
  module_busy: later(409, 'The module is being used by hand'),
  module_unreachable: later(504, 'The module cannot be reached'),
  command_unknown: never(404, 'There is no such command'),
  command_unsupported: never(422, 'The module cannot do this'),
  command_conflict: never(422, 'The idempotency key was used for another command'),
  command_expired: never(409, 'The command expired before it could be sent'),
  deployment_foreign: never(409, 'The account belongs to another deployment of Latchkey'),
  token_contended: later(503, 'The account is being rotated'),
  webhook_unauthenticated: never(404, 'There is no such webhook'),
  webhook_malformed: never(400, 'The delivery cannot be read'),
  provider_throttled: later(429, 'The provider allows no more calls for now'),
  provider_unavailable: later(503, 'The provider is not available'),
  provider_rejected: never(422, 'The provider refused the request'),
  provider_unexpected: never(502, 'The provider gave an answer that cannot be understood'),
  store_unavailable: { status: 503, retry: 'later', expose: false, title: 'Latchkey cannot reach its store' },
  internal_error: { status: 500, retry: 'later', expose: false, title: 'Latchkey failed' },
  config_invalid: {
    status: 500,
    retry: 'never',
    expose: false,
    title: 'Latchkey is not configured correctly',
  },
} as const satisfies Record<string, ErrorPolicy>;

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
  /** Who has to act; absent where the code alone says it. */
  readonly actor?: Actor;
  /** Set where the provider's table says that the same request may be sent again by itself. */
  readonly repeat?: Repeat;
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
