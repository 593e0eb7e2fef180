import * as z from 'zod';
import { type FaultKind, noParameters } from '../../simulation/faults/fault-kind.ts';
import { flag, seconds } from '../../simulation/form-values.ts';
import { apiOperations, incoming } from './operation.ts';

/** Answers given instead of doing anything. */
export const refusalKinds = {
  internal_error: {
    summary: '500 {"message":"Internal error","code":1}',
    on: ['authorize', 'token', ...apiOperations],
    parameters: noParameters,
  },
  deny: {
    summary: 'the user refuses: redirect with error=access_denied',
    on: ['authorize'],
    parameters: noParameters,
  },
  reply_url_mismatch: {
    summary: 'the JSON error about the reply URL, no redirect',
    on: ['authorize'],
    parameters: noParameters,
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
    parameters: noParameters,
  },
  grant_expired: { summary: '400 invalid_grant AADB2C90080', on: ['token'], parameters: noParameters },
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
  access_token_expired: {
    summary: '401 whose message says expired',
    on: apiOperations,
    parameters: noParameters,
  },
  token_layer: {
    summary: '401 {"message","code"}: code 10 no token, 11 token expired',
    on: apiOperations,
    parameters: z.strictObject({ code: z.coerce.number().int().default(11) }),
  },
  forbidden: { summary: '403 that is not about the quota', on: apiOperations, parameters: noParameters },
  not_acceptable: { summary: '406', on: apiOperations, parameters: noParameters },
  quota_exceeded: {
    summary: 'out of call volume quota until midnight, or for so long; days > 0 uses the d.hh:mm:ss form',
    on: apiOperations,
    parameters: z.strictObject({
      status: z.coerce
        .number()
        .pipe(z.literal([403, 429]))
        .default(403),
      days: z.coerce.number().int().min(0).default(0),
      waitSeconds: seconds.optional(),
      retryAfter: flag.default(true),
    }),
  },
  gateway_offline: {
    summary: '404 Gateway Offline',
    on: ['topology', 'status', 'set_status', 'measures', 'programs'],
    parameters: noParameters,
  },
  request_timeout: { summary: '408', on: apiOperations, parameters: noParameters },
  wrong_input: { summary: '430', on: ['set_status'], parameters: noParameters },
  password_expired: {
    summary: '469 official app password expired',
    on: apiOperations,
    parameters: noParameters,
  },
  terms_expired: { summary: '470 official app terms expired', on: apiOperations, parameters: noParameters },
  busy: { summary: '486 somebody is touching the thermostat', on: ['set_status'], parameters: noParameters },
  any_answer: {
    summary:
      'any status with any shape of body; bodyStatus: what the envelope says of itself, if not the same',
    on: ['token', ...apiOperations],
    parameters: z.strictObject({
      status: z.coerce.number().int().min(200).max(599).default(418),
      bodyStatus: z.coerce.number().int().min(200).max(599).optional(),
      body: z.enum(['gateway', 'layer', 'oauth', 'list', 'html', 'half', 'empty']).default('gateway'),
      message: z.string().default('Simulated'),
      code: z.string().default('1'),
      retryAfterSeconds: seconds.optional(),
    }),
  },
  no_plants: { summary: '204 without a body', on: ['plants'], parameters: noParameters },
} satisfies Record<string, FaultKind>;
