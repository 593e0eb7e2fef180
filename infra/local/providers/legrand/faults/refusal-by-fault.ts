import type { Answer } from '../../simulation/answer.ts';
import { firstRefusal, type RefusalTable } from '../../simulation/faults/refusal-table.ts';
import { quotaRefusal, RATE_LIMITED, rateLimited, secondsToMidnight } from '../api/quota.ts';
import { grantExpired, secretExpired } from '../oauth/grant-refusals.ts';
import { layerRefusal, oauthRefusal, refusal } from '../refusals.ts';
import type { World } from '../world.ts';
import { anyAnswer } from './any-answer.ts';
import type { Operation } from './operation.ts';
import type { refusalKinds } from './refusal-kinds.ts';

const YEAR_MS = 365 * 86_400_000;

/** What `/token` and the API answer; `/authorize` has its own answers to the first four. */
const answers: RefusalTable<typeof refusalKinds, [nowEpochMs: number, operation: Operation]> = {
  internal_error: () => layerRefusal(500, 'Internal error', 1),
  deny: () => oauthRefusal(400, 'access_denied', 'Simulated'),
  reply_url_mismatch: () => oauthRefusal(400, 'invalid_request', 'Simulated'),
  oauth_error: ({ error, description, status }) => oauthRefusal(status, error, description),
  secret_expired: (_, now) => secretExpired(now),
  grant_expired: (_, now) => grantExpired(now, { issuedEpochMs: now - YEAR_MS, expiresEpochMs: now - 1000 }),
  too_many_requests: ({ retryAfterSeconds = 30 }, _, operation) => {
    const answer = rateLimited(retryAfterSeconds);
    // The login host has no statusCode in its envelope.
    return operation === 'token' ? { ...answer, body: JSON.stringify({ message: RATE_LIMITED }) } : answer;
  },
  bad_gateway: ({ status }) => ({
    status,
    headers: { 'content-type': 'text/html' },
    body: '<html><head><title>502 Bad Gateway</title></head><body><h1>Bad Gateway</h1></body></html>',
  }),
  server_error: ({ status }) => refusal(status, 'Internal server error'),
  access_token_expired: () => refusal(401, 'Unauthorized. Access token is missing or expired.'),
  token_layer: ({ code }) => layerRefusal(401, code === 10 ? 'No token' : 'Token expired', code),
  forbidden: () => refusal(403, 'Forbidden'),
  not_acceptable: () => refusal(406, 'Not acceptable'),
  quota_exceeded: ({ status, days, waitSeconds, retryAfter }, now) =>
    quotaRefusal((waitSeconds ?? secondsToMidnight(now)) + days * 86_400, { status, retryAfter }),
  gateway_offline: () => refusal(404, 'Gateway Offline'),
  request_timeout: () => refusal(408, 'Request timeout'),
  wrong_input: () => refusal(430, 'Wrong input parameters'),
  password_expired: () => refusal(469, 'Official application password expired'),
  terms_expired: () => refusal(470, 'Official application terms and conditions expired'),
  busy: () => refusal(486, 'Busy visual user interface'),
  any_answer: anyAnswer,
  no_plants: () => ({ status: 204 }),
};

/** The answer of the first refusal that is switched on for an operation. */
export function refusalByFault(world: World, operation: Operation): Answer | undefined {
  return firstRefusal(answers, (name) => world.faults.take(name, operation), world.clock.now(), operation);
}
