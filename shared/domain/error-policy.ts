/**
 * The one table of all error codes: what each means to an HTTP client, to a retrying event source and to a person.
 * The reference is made from it. Pure: no I/O, no clock.
 */
import type { Actor } from './actor.ts';

export interface ErrorPolicy extends ErrorWords {
  /** HTTP status of the problem document (RFC 9457). */
  readonly status: number;
  /** Whether the same request may succeed later without anybody changing anything. */
  readonly retry: 'never' | 'later';
  /** Whether `message` may be shown to an HTTP client; otherwise only `title` is. */
  readonly expose: boolean;
  /** Who has to act where the error itself names nobody. */
  readonly actor: Actor;
}

interface ErrorWords {
  readonly title: string;
  /** What it means, in whole sentences. */
  readonly explanation: string;
  /** What can be done, where the error itself has no better advice. */
  readonly remedy: string;
}

const never = (status: number, actor: Actor, words: ErrorWords): ErrorPolicy => ({
  ...words,
  status,
  retry: 'never',
  expose: true,
  actor,
});
const later = (status: number, actor: Actor, words: ErrorWords): ErrorPolicy => ({
  ...words,
  status,
  retry: 'later',
  expose: true,
  actor,
});
/** Its message may hold what is nobody's business outside. */
const inside = (policy: ErrorPolicy): ErrorPolicy => ({ ...policy, expose: false });

export const errorPolicy = {
  request_invalid: never(400, 'client', {
    title: 'The request is not valid',
    explanation: 'A parameter, a header or a field of the body is missing or not what the route takes.',
    remedy: 'Correct the fields named and send it again; the API document shows what each route takes',
  }),
  request_too_large: never(413, 'client', {
    title: 'The request body is too large',
    explanation: 'The body has more bytes than the route takes.',
    remedy: 'Send a smaller body',
  }),
  route_unknown: never(404, 'client', {
    title: 'There is no such route',
    explanation: 'No route of the API has this method and path.',
    remedy: 'Compare method and path with the API document at /openapi.json',
  }),
  problem_unknown: never(404, 'client', {
    title: 'There is no such problem',
    explanation: 'No problem has this code.',
    remedy: 'Take the code from the list of problems at /problems',
  }),
  access_unauthenticated: never(401, 'client', {
    title: 'A valid access token is needed',
    explanation: 'The request has no access token of Latchkey, or one that is unknown, expired or revoked.',
    remedy: 'Send Authorization: Bearer with a token that begins with lk_',
  }),
  access_forbidden: never(403, 'client', {
    title: 'The access token does not allow this',
    explanation: 'The access token is valid, but lacks the scope of the route or the right to this resource.',
    remedy: 'Use a token that has the scope which the route needs',
  }),
  token_unknown: never(404, 'client', {
    title: 'There is no such access token',
    explanation: 'No access token has this id, or it was revoked.',
    remedy: 'Take the id from the list of access tokens at /v1/tokens',
  }),
  link_unknown: never(404, 'client', {
    title: 'There is no such link',
    explanation: 'No link has this id, or it was forgotten after it had expired.',
    remedy: 'Start a new link',
  }),
  link_expired: never(410, 'owner', {
    title: 'The link has expired or was already used',
    explanation: 'A link serves once, for ten minutes, and in the browser that opened it.',
    remedy: 'Start a new link and finish it within ten minutes',
  }),
  link_refused: never(403, 'owner', {
    title: 'The account was not linked',
    explanation: 'The owner did not give consent, or the provider did not let it come about.',
    remedy: 'Start a new link and allow the access that it asks for',
  }),
  credentials_refused: never(403, 'owner', {
    title: 'The provider does not accept what was entered',
    explanation:
      'A user name, a password, a verification code or a token is wrong, or has ended. The link can still be used.',
    remedy: 'Correct it and send it again',
  }),
  account_unknown: never(404, 'client', {
    title: 'There is no such account',
    explanation: 'No account has this id: it was never linked here, or it was unlinked.',
    remedy: 'Take the id from the list of accounts',
  }),
  account_unlinked: never(409, 'owner', {
    title: 'The owner has to link the account again',
    explanation: 'The provider does not accept the tokens of the account any more, or consent was withdrawn.',
    remedy: "Start a new link and open its address in the owner's browser",
  }),
  owner_action_required: never(409, 'owner', {
    title: "The owner has to act in the provider's own app",
    explanation:
      'The provider answers nothing for this account until its owner has done what it asks of them.',
    remedy:
      "Ask the owner to open the provider's app and to follow what it says; Latchkey goes on by itself then",
  }),
  replay_running: later(409, 'latchkey', {
    title: 'The account has a replay that has not finished',
    explanation: 'Kept deliveries of the account are being read again, and one replay runs at a time.',
    remedy: 'Wait until the replay that the account shows has a time at which it finished',
  }),
  plant_unknown: never(404, 'client', {
    title: 'There is no such plant',
    explanation: 'No plant has this id, or the access token does not reach it.',
    remedy: 'Take the id from the list of plants',
  }),
  module_unknown: never(404, 'client', {
    title: 'There is no such module',
    explanation: 'No module has this id here, or the provider does not know it any more.',
    remedy: 'Sync the account and take the id from the list of modules',
  }),
  module_changed: never(412, 'client', {
    title: 'The module has changed',
    explanation:
      'The command was for a version of the state that is no longer the present one; nothing was sent.',
    remedy: 'Read the module, and send the command again with its present version if it is still wanted',
  }),
  module_busy: later(409, 'owner', {
    title: 'The module is being used by hand',
    explanation: 'Somebody stands at the module, and it takes no commands meanwhile.',
    remedy: 'Wait until it is left alone and send the command again',
  }),
  module_unreachable: later(504, 'owner', {
    title: 'The module cannot be reached',
    explanation:
      'The provider answers, but its connection to the module or to the gateway before it is broken.',
    remedy: "Check the module's power and network; readings stay as they were meanwhile",
  }),
  command_unknown: never(404, 'client', {
    title: 'There is no such command',
    explanation: 'No command has this id, or it is more than thirty days old.',
    remedy: 'Use the id that was answered when the command was sent',
  }),
  command_unsupported: never(400, 'client', {
    title: 'The module cannot do this',
    explanation: 'The action, or a value of it, is not among what this module can be told.',
    remedy: 'Choose one of the actions that the module lists',
  }),
  command_conflict: never(422, 'client', {
    title: 'The idempotency key was used for another command',
    explanation: 'A key stands for one command with one body; this one came with another before.',
    remedy: 'Send a new idempotency key with a new command',
  }),
  command_expired: never(409, 'client', {
    title: 'The command expired before it could be sent',
    explanation: 'The time that the command named had passed, so the module was not told.',
    remedy: 'Send it anew, with a later time, if it is still wanted',
  }),
  deployment_foreign: never(409, 'operator', {
    title: 'The account belongs to another deployment of Latchkey',
    explanation:
      'Two deployments that rotate the same tokens would lose them, so this one leaves them alone.',
    remedy: 'Stop the other deployment and claim the account',
  }),
  token_contended: later(503, 'latchkey', {
    title: 'The account is being rotated',
    explanation:
      'The tokens of the account are being exchanged, and there is none to use until that is done.',
    remedy: 'Repeat the request after the seconds given',
  }),
  webhook_unauthenticated: never(404, 'provider', {
    title: 'There is no such webhook',
    explanation:
      'The address of the delivery was not made by this deployment, or it has been replaced since.',
    remedy: 'Nothing has to be done; Latchkey subscribes its present addresses by itself',
  }),
  webhook_malformed: never(400, 'provider', {
    title: 'The delivery cannot be read',
    explanation: 'What the provider sent has no form that Latchkey knows; it is kept as it came.',
    remedy: 'Report it; once it can be read, a replay of the account makes up for it',
  }),
  digest_unfinished: later(503, 'latchkey', {
    title: 'The digests are still being made',
    explanation:
      'Digests of a long feed are made when they are first asked for, and kept; this request ran out of time.',
    remedy: 'Repeat the request: it goes on where this one ended',
  }),
  provider_throttled: later(429, 'provider', {
    title: 'The provider allows no more calls for now',
    explanation: 'The calls of this account, or of the whole application, are used up for a while.',
    remedy: 'Repeat the request after the seconds given; webhooks keep arriving meanwhile',
  }),
  provider_unavailable: later(503, 'provider', {
    title: 'The provider is not available',
    explanation: 'The provider gave no answer, or one that tells of a failure of its own.',
    remedy: 'Repeat the request later',
  }),
  provider_rejected: never(422, 'client', {
    title: 'The provider refused the request',
    explanation: 'The provider understood the request and does not carry it out as it is.',
    remedy: "See the provider's own words in the problem, and change the request",
  }),
  provider_unexpected: never(502, 'operator', {
    title: 'The provider gave an answer that cannot be understood',
    explanation: 'The answer has a status or a form that the provider does not document.',
    remedy: "Report it with the provider's status and words, as the problem has them",
  }),
  store_unavailable: inside(
    later(503, 'latchkey', {
      title: 'Latchkey cannot reach its store',
      explanation: 'The table or the secrets of the deployment could not be read or written.',
      remedy: 'Repeat the request in a moment; where it lasts, the operator has to look at the log',
    }),
  ),
  internal_error: inside(
    later(500, 'operator', {
      title: 'Latchkey failed',
      explanation: "It is a fault of Latchkey's own; the log has the reason.",
      remedy: 'Repeat the request later; where it lasts, the operator has to look at the log',
    }),
  ),
  config_invalid: inside(
    never(500, 'operator', {
      title: 'Latchkey is not configured correctly',
      explanation: 'The deployment lacks a setting or a credential, or the provider refuses the application.',
      remedy: 'The operator has to correct the settings; the log names what is missing',
    }),
  ),
} as const satisfies Record<string, ErrorPolicy>;
