import type { Answer } from '../../simulation/answer.ts';
import { firstRefusal, type RefusalTable } from '../../simulation/faults/refusal-table.ts';
import { apiError, notFound, prettyError, success } from '../api/envelope.ts';
import { concurrencyRefusal } from '../api/quota.ts';
import { oauthError } from '../oauth/oauth-error.ts';
import type { World } from '../world.ts';
import type { Operation } from './operation.ts';
import type { refusalKinds } from './refusal-kinds.ts';

/** What the token endpoint and the API answer; the authorize page has its own answers to the first three. */
const answers: RefusalTable<typeof refusalKinds, [World]> = {
  deny: () => oauthError('access_denied'),
  redirect_uri_mismatch: () => oauthError('redirect_uri_mismatch'),
  oauth_error: ({ error, description, status }) => oauthError(error, { description, status }),
  too_many_connections: ({ status }) => oauthError('too_many_connections', { status }),
  html_error: ({ status }) => ({
    status,
    headers: { 'content-type': 'text/html' },
    body: `<html>\r\n<head><title>${status} Temporarily Unavailable</title></head>\r\n<body>\r\n<center><h1>${status} Temporarily Unavailable</h1></center>\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n`,
  }),
  api_error: ({ code, message, status, pretty }) => (pretty ? prettyError : apiError)(code, message, status),
  usage_limit: ({ status, message }) =>
    status === 429 ? prettyError(26, message, 429) : apiError(26, message, 403),
  concurrency_limit: () => concurrencyRefusal(),
  access_token_expired: ({ status }) => apiError(3, undefined, status),
  invalid_access_token: () => apiError(2),
  path_not_found: () => notFound(),
  ok_without_body: ({ emptyBody }, world) => success(world, emptyBody ? { body: {} } : {}),
  ok_with_errors: ({ code, id, place }, world) => {
    const errors = [{ code, id }];
    return success(world, place === 'body' ? { body: { errors } } : { body: {}, errors });
  },
};

/** The answer of the first refusal that is switched on for an operation. */
export function refusalByFault(world: World, operation: Operation): Answer | undefined {
  return firstRefusal(answers, (name) => world.faults.take(name, operation), world);
}
