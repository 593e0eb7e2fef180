/** What happened at home (contract 3.9). */
import type { Answer } from '../../simulation/answer.ts';
import type { Home, HomeEvent } from '../house/home.ts';
import type { World } from '../world.ts';
import { apiError, successOf } from './envelope.ts';
import type { ApiMethod, Caller } from './gateway.ts';
import { ownedHome } from './ownership.ts';

export const eventScopes: readonly string[] = [
  'read_camera',
  'read_presence',
  'read_doorbell',
  'read_smokedetector',
  'read_carbonmonoxidedetector',
];
/** As many events are given as are not asked for otherwise. */
export const EVENT_PAGE = 30;

export function eventMethods(world: World): ApiMethod[] {
  return [
    {
      operation: 'getevents',
      scopes: eventScopes,
      handle: (caller) => {
        const owned = ownedHome(world, caller);
        return 'refused' in owned ? owned.refused : getEvents(world, owned.home, caller);
      },
    },
    // Retired: whoever still asks is forbidden to.
    { operation: 'gethomedata', scopes: [], handle: () => apiError(13, 'Operation is forbidden') },
  ];
}

/** Newest first; `event_id` begins behind that one. */
function getEvents(world: World, home: Home, { parameters }: Caller): Answer {
  const moduleId = parameters.text('module_id') ?? parameters.text('device_id');
  const personId = parameters.text('person_id');
  const types = parameters.list('device_types');
  const isOfType = ({ module_id }: HomeEvent) =>
    types.length === 0 ||
    home.modules.some((module) => module.moduleId === module_id && types.includes(module.type));
  const matching = home.events.filter(
    (event) =>
      (moduleId === undefined || event.module_id === moduleId) &&
      (personId === undefined || event.person_id === personId) &&
      isOfType(event),
  );
  const eventId = parameters.text('event_id');
  const known = eventId === undefined ? -1 : matching.findIndex(({ id }) => id === eventId);
  if (eventId !== undefined && known < 0) return apiError(21, 'Invalid event_id');
  const start = known + 1 + Math.max(0, parameters.number('offset') ?? 0);
  const events = matching.slice(start, start + Math.max(1, parameters.number('size') ?? EVENT_PAGE));
  return successOf(world, 'getevents', { home: { id: home.homeId, events } });
}
