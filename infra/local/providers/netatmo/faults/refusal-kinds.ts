import * as z from 'zod';
import { type FaultKind, noParameters } from '../../simulation/faults/fault-kind.ts';
import { flag } from '../../simulation/form-values.ts';
import { apiOperations } from './operation.ts';

const status = z.coerce.number().int().min(200).max(599);

/** Answers given instead of doing anything. */
export const refusalKinds = {
  deny: {
    summary: 'the user refuses: redirect with error=access_denied',
    on: ['authorize'],
    parameters: noParameters,
  },
  redirect_uri_mismatch: {
    summary: 'the callback is not registered',
    on: ['authorize'],
    parameters: noParameters,
  },
  oauth_error: {
    summary: 'any OAuth error in the flat form, at /authorize as redirect',
    on: ['authorize', 'token'],
    parameters: z.strictObject({
      error: z.string().default('invalid_client'),
      description: z.string().optional(),
      status: status.default(400),
    }),
  },
  too_many_connections: {
    summary: 'throttled in the flat OAuth style',
    on: ['token'],
    parameters: z.strictObject({ status: status.default(429) }),
  },
  html_error: {
    summary: 'an HTML page of nginx with 503, or another status',
    on: ['authorize', 'token', ...apiOperations],
    parameters: z.strictObject({ status: status.default(503) }),
  },
  api_error: {
    summary: 'any code of the API, with the status that was seen with it or another; pretty is the CRLF form',
    on: apiOperations,
    parameters: z.strictObject({
      code: z.coerce.number().int().default(0),
      message: z.string().optional(),
      status: status.optional(),
      pretty: flag.default(false),
    }),
  },
  usage_limit: {
    summary: 'code 26 with 429 in the CRLF form; status 403 is the older way',
    on: apiOperations,
    parameters: z.strictObject({
      status: z.coerce
        .number()
        .pipe(z.literal([403, 429]))
        .default(429),
      message: z.string().default('Maximum api usage reached'),
    }),
  },
  concurrency_limit: {
    summary: '429 with code 11, far below the quota',
    on: apiOperations,
    parameters: noParameters,
  },
  access_token_expired: {
    summary: 'code 3 with 403, or 401',
    on: apiOperations,
    parameters: z.strictObject({
      status: z.coerce
        .number()
        .pipe(z.literal([401, 403]))
        .default(403),
    }),
  },
  invalid_access_token: { summary: 'code 2 with 403', on: apiOperations, parameters: noParameters },
  path_not_found: {
    summary: 'the gateway does not know the path: 404 {"error":{"code":404}}',
    on: apiOperations,
    parameters: noParameters,
  },
  ok_without_body: {
    summary: '200 and status ok, but no body key, and nothing is done',
    on: apiOperations,
    parameters: z.strictObject({ emptyBody: flag.default(false) }),
  },
  ok_with_errors: {
    summary:
      '200 and status ok, but errors in body (place body) or beside it (place top), and nothing is done',
    on: apiOperations,
    parameters: z.strictObject({
      code: z.coerce.number().int().default(6),
      id: z.string().default('70:ee:50:00:00:00'),
      place: z.enum(['body', 'top']).default('body'),
    }),
  },
} satisfies Record<string, FaultKind>;
