import type { Answer } from '../../simulation/answer.ts';
import type { World } from '../world.ts';
import type { ApiCall, ApiRoute } from './gate.ts';
import { refusal } from './refusal.ts';

/** What is there for users only, whatever else a token may do (contract 2.1). */
export function usersOnly(
  world: World,
  handle: (call: ApiCall, userId: string) => Answer,
): ApiRoute['handle'] {
  return (call) => (call.access.kind === 'user' ? handle(call, call.access.userId) : refuseToken(world));
}

/** What tokens of grounds and devices hear where only users may go (contract 8.8). */
export function refuseToken(world: World): Answer {
  const { userRoutesStatus, unauthorizedText } = world.state.settings;
  const text = userRoutesStatus === 401 ? unauthorizedText : 'This token gives no access to the account.';
  return refusal(world, userRoutesStatus, text);
}
