/** `getstationsdata` and `gethomecoachsdata` (contract 3.3 and 3.10). */
import type { Answer } from '../../simulation/answer.ts';
import type { Home } from '../house/home.ts';
import type { Module } from '../house/module.ts';
import type { User } from '../state.ts';
import { findModule, homesOf, type World } from '../world.ts';
import { apiError, successOf } from './envelope.ts';
import type { ApiMethod, Caller } from './gateway.ts';
import { withoutNames } from './list-homes.ts';
import { describeStation, type StationView } from './station-view.ts';

export function stationMethods(world: World): ApiMethod[] {
  return [
    {
      operation: 'getstationsdata',
      scopes: ['read_station'],
      handle: (caller) => answerDevices(world, 'getstationsdata', caller, stationsOf(world, caller)),
    },
    {
      operation: 'gethomecoachsdata',
      scopes: ['read_homecoach'],
      handle: (caller) => answerDevices(world, 'gethomecoachsdata', caller, ownDevices(world, caller, 'NHC')),
    },
  ];
}

interface Listed {
  readonly home: Home;
  readonly station: Module;
  readonly favourite: boolean;
}

function ownDevices(world: World, { userId }: Caller, type: string): Listed[] {
  return homesOf(world, userId).flatMap((home) =>
    home.modules
      .filter((module) => module.type === type)
      .map((station) => ({ home, station, favourite: false })),
  );
}

/** Their own, those they were invited to, and on request those they only look at. */
function stationsOf(world: World, caller: Caller): Listed[] {
  const user = userOf(world, caller);
  const others = (ids: readonly string[], favourite: boolean): Listed[] =>
    ids.flatMap((id) => {
      const found = findModule(world, id);
      return found ? [{ home: found.home, station: found.module, favourite }] : [];
    });
  return [
    ...ownDevices(world, caller, 'NAMain'),
    ...others(user?.sharedStationIds ?? [], false),
    ...(caller.parameters.flag('get_favorites') ? others(user?.favouriteStationIds ?? [], true) : []),
  ];
}

function userOf({ state }: World, caller: Caller): User | undefined {
  return state.users.find(({ userId }) => userId === caller.userId);
}

function answerDevices(
  world: World,
  operation: 'getstationsdata' | 'gethomecoachsdata',
  caller: Caller,
  listed: readonly Listed[],
): Answer {
  const { faults, clock } = world;
  const deviceId = caller.parameters.text('device_id');
  const wanted = listed.filter(({ station }) => deviceId === undefined || station.moduleId === deviceId);
  // Also for a device of another family, a thermostat say (contract 6.24).
  if (deviceId !== undefined && wanted.length === 0) return apiError(9, 'Device not found');
  const missing =
    operation === 'getstationsdata' ? faults.take('modules_missing', 'getstationsdata') : undefined;
  const nameless = faults.take('names_missing', operation) !== undefined;
  const hours = faults.take('old_measures', operation)?.hours ?? 0;
  const view: Omit<StationView, 'favourite'> = {
    now: clock.now(),
    measuredEpochMs: clock.now() - hours * 3_600_000,
    modules: missing ? (missing.empty ? 'empty' : 'missing') : 'listed',
  };
  const devices = wanted.map(({ home, station, favourite }) => {
    const described = describeStation(home, station, { ...view, favourite });
    const blank = operation === 'getstationsdata' && faults.take('ids_with_blanks', operation);
    const stray = blank ? { ...described, _id: ` ${station.moduleId} ` } : described;
    return nameless ? withoutNames(stray) : stray;
  });
  return successOf(world, operation, { devices, user: describeUser(userOf(world, caller)) });
}

function describeUser(user: User | undefined) {
  return {
    mail: user?.email,
    administrative: {
      lang: 'fr-FR',
      reg_locale: 'fr-FR',
      country: 'FR',
      unit: 0,
      windunit: 0,
      pressureunit: 0,
      feel_like_algo: 0,
    },
  };
}
