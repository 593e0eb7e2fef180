import * as z from 'zod';
import type { FaultKind } from '../../simulation/faults/fault-kind.ts';
import { seconds } from '../../simulation/form-values.ts';
import { apiOperations, incoming } from './operation.ts';

const status = z.coerce.number().int().min(200).max(599);

/** Answers given instead of doing anything. */
export const refusalKinds = {
  oauth_error: {
    summary: 'any error of the login',
    on: ['login'],
    parameters: z.strictObject({
      error: z.string().default('invalid_grant'),
      description: z.string().default('Simulated'),
      status: status.default(400),
    }),
  },
  refused: {
    summary:
      'any status, with a message in one of the forms that were seen; without a form, that of the setting',
    on: apiOperations,
    parameters: z.strictObject({
      status: status.default(500),
      message: z.string().default('An error has occurred.'),
      form: z.enum(['message', 'capital_message', 'status_error', 'oauth', 'html']).optional(),
    }),
  },
  html_error: {
    summary: 'an HTML page with 503, or another status',
    on: incoming,
    parameters: z.strictObject({ status: status.default(503) }),
  },
  text_error: {
    summary: 'plain text with 500, or another status',
    on: incoming,
    parameters: z.strictObject({
      status: status.default(500),
      text: z.string().default('Unexpected failure'),
    }),
  },
  throttled: {
    summary: '429 with Retry-After, which nobody has ever seen',
    on: incoming,
    parameters: z.strictObject({ retryAfterSeconds: seconds.optional() }),
  },
  unauthorized: {
    summary: '401 although the token is right',
    on: apiOperations,
    parameters: z.strictObject({ message: z.string().optional() }),
  },
} satisfies Record<string, FaultKind>;
