/** The older ways to ask for events, with the older names of keys (contract 3.9). */
import type { Answer } from '../../simulation/answer.ts';
import type { ApiOperation } from '../faults/operation.ts';
import type { Home, HomeEvent } from '../house/home.ts';
import type { World } from '../world.ts';
import { apiError, successOf } from './envelope.ts';
import { EVENT_PAGE, eventScopes } from './events.ts';
import type { ApiMethod, Caller } from './gateway.ts';
import { ownedHome } from './ownership.ts';

/** Of all events of a home, newest first, those that are asked for; undefined: of something unknown. */
type Choice = (events: readonly HomeEvent[], key: string, most: number) => readonly HomeEvent[] | undefined;

export function eventListMethods(world: World): ApiMethod[] {
  const method = (operation: ApiOperation, key: string, choose: Choice): ApiMethod => ({
    operation,
    scopes: eventScopes,
    handle: (caller) => {
      const owned = ownedHome(world, caller);
      return 'refused' in owned
        ? owned.refused
        : answerList(world, owned.home, caller, operation, key, choose);
    },
  });
  return [
    method('geteventsuntil', 'event_id', (events, eventId) => {
      const until = events.findIndex(({ id }) => id === eventId);
      return until < 0 ? undefined : events.slice(0, until + 1);
    }),
    method('getlasteventof', 'person_id', (events, personId, most) => {
      const last = events.findIndex((event) => event.person_id === personId);
      return last < 0 ? undefined : events.slice(0, Math.max(last + 1, most));
    }),
    method('getnextevents', 'event_id', (events, eventId, most) => {
      const known = events.findIndex(({ id }) => id === eventId);
      return known < 0 ? undefined : events.slice(known + 1, known + 1 + most);
    }),
  ];
}

function answerList(
  world: World,
  home: Home,
  { parameters }: Caller,
  operation: ApiOperation,
  key: string,
  choose: Choice,
): Answer {
  const given = parameters.text(key);
  if (given === undefined) return apiError(10, `Missing ${key}`);
  const most = parameters.number('size') ?? parameters.number('offset') ?? EVENT_PAGE;
  const chosen = choose(home.events, given, Math.max(1, most));
  if (!chosen) return apiError(21, `Invalid ${key}`);
  const events_list = chosen.map(({ module_id, ...event }) => ({
    ...event,
    camera_id: module_id,
    device_id: module_id,
  }));
  return successOf(world, operation, { events_list });
}
