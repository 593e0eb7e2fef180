/** Every way in which the simulated cloud can misbehave, by name, with the shape of its parameters. */
import * as z from 'zod';
import { apiOperations, type Operation } from './operation.ts';

export interface FaultKind {
  readonly summary: string;
  /** Where it can be set; all of them unless the caller names one. */
  readonly on: readonly Operation[];
  readonly parameters: z.ZodObject;
}

const none = z.strictObject({});
/** HTML forms send text for everything. */
const flag = z.preprocess((value) => (typeof value === 'string' ? value === 'true' : value), z.boolean());
const seconds = z.coerce.number().min(0);
const count = z.coerce.number().int().min(1).max(100);

const plantReads = ['topology', 'status', 'measures', 'programs'] as const;
const incoming = ['authorize', 'token', 'discovery', ...apiOperations] as const;

/** Answers given instead of doing anything. */
const refusals = {
  internal_error: {
    summary: '500 {"message":"Internal error","code":1}',
    on: ['authorize', 'token', ...apiOperations],
    parameters: none,
  },
  deny: {
    summary: 'the user refuses: redirect with error=access_denied',
    on: ['authorize'],
    parameters: none,
  },
  reply_url_mismatch: {
    summary: 'the JSON error about the reply URL, no redirect',
    on: ['authorize'],
    parameters: none,
  },
  oauth_error: {
    summary: 'any OAuth error, as JSON at /token and as redirect at /authorize',
    on: ['authorize', 'token'],
    parameters: z.strictObject({
      error: z.string().default('temporarily_unavailable'),
      description: z.string().default('Simulated'),
      status: z.coerce.number().int().min(400).max(599).default(400),
    }),
  },
  secret_expired: {
    summary: '400 invalid_grant AADB2C90085: the client secret has expired',
    on: ['token'],
    parameters: none,
  },
  grant_expired: { summary: '400 invalid_grant AADB2C90080', on: ['token'], parameters: none },
  too_many_requests: {
    summary: '429; at /token with {"message"}, at the API with statusCode',
    on: ['token', ...apiOperations],
    parameters: z.strictObject({ retryAfterSeconds: seconds.optional() }),
  },
  bad_gateway: {
    summary: 'an HTML page with 502, or another status',
    on: incoming,
    parameters: z.strictObject({ status: z.coerce.number().int().min(200).max(599).default(502) }),
  },
  server_error: {
    summary: '500, or another status, in the gateway envelope',
    on: apiOperations,
    parameters: z.strictObject({ status: z.coerce.number().int().min(400).max(599).default(500) }),
  },
  access_token_expired: { summary: '401 whose message says expired', on: apiOperations, parameters: none },
  token_layer: {
    summary: '401 {"message","code"}: code 10 no token, 11 token expired',
    on: apiOperations,
    parameters: z.strictObject({ code: z.coerce.number().int().default(11) }),
  },
  forbidden: { summary: '403 that is not about the quota', on: apiOperations, parameters: none },
  not_acceptable: { summary: '406', on: apiOperations, parameters: none },
  quota_exceeded: {
    summary: 'out of call volume quota; days > 0 uses the d.hh:mm:ss form',
    on: apiOperations,
    parameters: z.strictObject({
      status: z.coerce
        .number()
        .pipe(z.literal([403, 429]))
        .default(403),
      days: z.coerce.number().int().min(0).default(0),
      retryAfter: flag.default(true),
    }),
  },
  gateway_offline: { summary: '404 Gateway Offline', on: [...plantReads, 'set_status'], parameters: none },
  request_timeout: { summary: '408', on: apiOperations, parameters: none },
  wrong_input: { summary: '430', on: ['set_status'], parameters: none },
  password_expired: { summary: '469 official app password expired', on: apiOperations, parameters: none },
  terms_expired: { summary: '470 official app terms expired', on: apiOperations, parameters: none },
  busy: { summary: '486 somebody is touching the thermostat', on: ['set_status'], parameters: none },
  no_plants: { summary: '204 without a body', on: ['plants'], parameters: none },
} satisfies Record<string, FaultKind>;

/** What happens to the connection; `applied` tells whether the operation takes effect all the same. */
const connections = {
  connection_reset: {
    summary: 'the connection is cut without an answer',
    on: incoming,
    parameters: z.strictObject({ applied: flag.default(false) }),
  },
  hang: {
    summary: 'no answer until the client gives up',
    on: incoming,
    parameters: z.strictObject({ applied: flag.default(false) }),
  },
  half_body: {
    summary: 'the head and half of the body, then the connection is cut',
    on: incoming,
    parameters: z.strictObject({ applied: flag.default(true) }),
  },
  empty_body: {
    summary: 'the status as always, but no body',
    on: incoming,
    parameters: z.strictObject({ applied: flag.default(true) }),
  },
  slow_answer: {
    summary: 'the answer comes late, in real time',
    on: incoming,
    parameters: z.strictObject({ delaySeconds: seconds.default(5), applied: flag.default(true) }),
  },
} satisfies Record<string, FaultKind>;

/** Answers and webhooks that are not quite what they should be. */
const deviations = {
  token_without: {
    summary: 'leaves fields out of the token answer, separated by commas',
    on: ['token'],
    parameters: z.strictObject({ fields: z.string().default('expires_in') }),
  },
  token_numbers_as_text: { summary: 'times of the token answer as strings', on: ['token'], parameters: none },
  numbers_as_numbers: {
    summary: 'set point and measures as JSON numbers',
    on: ['status', 'measures'],
    parameters: none,
  },
  activation_time_form: {
    summary: 'activationTime as wall time with Z (zulu) or with offset',
    on: ['status', 'webhook'],
    parameters: z.strictObject({ form: z.enum(['zulu', 'offset']).default('zulu') }),
  },
  empty_chronothermostats: {
    summary: '200 with an empty list, or without the key at all',
    on: ['status', 'programs'],
    parameters: z.strictObject({ missing: flag.default(false) }),
  },
  plant_without_modules: {
    summary: 'modules is empty, or missing',
    on: ['topology'],
    parameters: z.strictObject({ missing: flag.default(true) }),
  },
  slow_apply: {
    summary: '200 at once, the state follows after some seconds of the simulated clock',
    on: ['set_status'],
    parameters: z.strictObject({ seconds: seconds.default(5) }),
  },
  device_limits: {
    summary:
      'refuses with 430 what the device cannot show: below 7 °C, no 0.1 step, end not on a quarter or after 9 days',
    on: ['set_status'],
    parameters: none,
  },
  foreign_subscriptions: {
    summary: 'the list also holds subscriptions of other applications',
    on: ['subscriptions'],
    parameters: z.strictObject({ count: count.default(2) }),
  },
  subscription_limit: {
    summary: '409 when the plant has this many subscriptions',
    on: ['subscribe'],
    parameters: z.strictObject({ maximum: z.coerce.number().int().min(0).default(1) }),
  },
  subscribe_without_json: { summary: '201 with an HTML body', on: ['subscribe'], parameters: none },
  validation_event: {
    summary: 'a new subscription is greeted with an Event Grid validation event',
    on: ['subscribe'],
    parameters: none,
  },
  bare_object: { summary: 'the inner object instead of the array', on: ['webhook'], parameters: none },
  single_envelope: { summary: 'one envelope instead of an array', on: ['webhook'], parameters: none },
  duplicate_event: { summary: 'every event twice, same id', on: ['webhook'], parameters: none },
  out_of_order: {
    summary: 'after the event one that is five minutes older, with another temperature',
    on: ['webhook'],
    parameters: none,
  },
  unknown_plant: { summary: 'the event speaks of a plant nobody knows', on: ['webhook'], parameters: none },
  burst: {
    summary: 'as many events as when the touch bar is dragged; the latest by its time is the true one',
    on: ['webhook'],
    parameters: z.strictObject({ count: count.default(10) }),
  },
  several_in_one_array: { summary: 'two events in one array', on: ['webhook'], parameters: none },
  webhook_lost: { summary: 'changes are never told', on: ['webhook'], parameters: none },
} satisfies Record<string, FaultKind>;

export const faultKinds = { ...refusals, ...connections, ...deviations };
export type FaultName = keyof typeof faultKinds;
export type RefusalName = keyof typeof refusals;
export type ConnectionName = keyof typeof connections;
export type FaultParameters<N extends FaultName> = z.output<(typeof faultKinds)[N]['parameters']>;

export const refusalNames = Object.keys(refusals) as RefusalName[];
export const connectionNames = Object.keys(connections) as ConnectionName[];
