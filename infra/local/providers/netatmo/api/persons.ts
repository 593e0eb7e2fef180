/** `setpersonsaway` and `setpersonshome` (contract 3.9). */
import type { Answer } from '../../simulation/answer.ts';
import type { House } from '../house.ts';
import type { World } from '../world.ts';
import { apiError, success } from './envelope.ts';
import type { ApiMethod, Caller } from './gateway.ts';
import { ownedHome } from './ownership.ts';

export function personMethods(world: World, house: House): ApiMethod[] {
  return [
    {
      operation: 'setpersonsaway',
      scopes: ['write_camera'],
      handle: (caller) => {
        const personId = caller.parameters.text('person_id');
        return move(world, house, caller, 'away', personId === undefined ? undefined : [personId]);
      },
    },
    {
      operation: 'setpersonshome',
      scopes: ['write_camera'],
      handle: (caller) => {
        const personIds = caller.parameters.list('person_ids');
        if (personIds.length === 0) return apiError(10, 'Missing person_ids');
        return move(world, house, caller, 'home', personIds);
      },
    },
  ];
}

/** Without ids the whole home is empty. */
function move(
  world: World,
  house: House,
  caller: Caller,
  where: 'home' | 'away',
  personIds: readonly string[] | undefined,
): Answer {
  const owned = ownedHome(world, caller);
  if ('refused' in owned) return owned.refused;
  const known = owned.home.persons.map(({ personId }) => personId);
  if (personIds?.some((personId) => !known.includes(personId))) return apiError(21, 'Invalid person_id');
  house.movePersons(owned.home, where, personIds);
  return success(world);
}
