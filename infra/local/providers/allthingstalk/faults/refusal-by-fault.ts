import { type Answer, json } from '../../simulation/answer.ts';
import { firstRefusal, type RefusalTable } from '../../simulation/faults/refusal-table.ts';
import { htmlError, refusal } from '../api/refusal.ts';
import { oauthError } from '../login/oauth-error.ts';
import type { World } from '../world.ts';
import type { Operation } from './operation.ts';
import type { refusalKinds } from './refusal-kinds.ts';

const answers: RefusalTable<typeof refusalKinds, [World]> = {
  oauth_error: ({ error, description, status }) => oauthError(error, description, status),
  refused: ({ status, message, form }, world) => refusal(world, status, message, form),
  html_error: ({ status }) => htmlError(status, 'Temporarily unavailable'),
  text_error: ({ status, text }) => ({ status, headers: { 'content-type': 'text/plain' }, body: text }),
  throttled: ({ retryAfterSeconds }) => tooManyCalls(retryAfterSeconds),
  unauthorized: ({ message }, world) => refusal(world, 401, message ?? world.state.settings.unauthorizedText),
};

export function tooManyCalls(retryAfterSeconds?: number): Answer {
  const headers = retryAfterSeconds === undefined ? undefined : { 'retry-after': String(retryAfterSeconds) };
  return json(429, { message: 'Too many requests.' }, headers);
}

/** The answer of the first refusal that is switched on for an operation. */
export function refusalByFault(world: World, operation: Operation): Answer | undefined {
  return firstRefusal(answers, (name) => world.faults.take(name, operation), world);
}
