import type { Answer } from '../../simulation/answer.ts';
import type { Home } from '../house/home.ts';
import { homesOf, type World } from '../world.ts';
import { apiError } from './envelope.ts';
import type { Caller } from './gateway.ts';

/** The home that is asked for, if it is the caller's; a home shared by someone else is refused alike (contract 6.16). */
export function ownedHome(world: World, caller: Caller): { home: Home } | { refused: Answer } {
  const homeId = caller.parameters.text('home_id');
  if (homeId === undefined) return { refused: apiError(10, 'Missing home_id') };
  return ownHome(world, caller, homeId);
}

export function ownHome(
  world: World,
  { userId }: Caller,
  homeId: string,
): { home: Home } | { refused: Answer } {
  const home = homesOf(world, userId).find((mine) => mine.homeId === homeId);
  return home ? { home } : { refused: apiError(21, 'Invalid home_id') };
}
