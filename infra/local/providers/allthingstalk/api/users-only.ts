import type { Answer } from '../../simulation/answer.ts';
import type { World } from '../world.ts';
import type { ApiCall } from './gate.ts';
import { refusal } from './refusal.ts';

/** What tokens of grounds and devices hear where only users may go (contract 2.1 and 8.8). */
export function refuseOthers(world: World, { access }: ApiCall): Answer | undefined {
  if (access.kind === 'user') return undefined;
  const { userRoutesStatus, unauthorizedText } = world.state.settings;
  const text = userRoutesStatus === 401 ? unauthorizedText : 'This token gives no access to the account.';
  return refusal(world, userRoutesStatus, text);
}
