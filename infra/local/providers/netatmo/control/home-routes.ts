import * as z from 'zod';
import { type ControlRoute, control } from '../../simulation/control/control-route.ts';
import { flag } from '../../simulation/form-values.ts';
import { type Home, roomOf, ThermMode } from '../house/home.ts';
import { PilotWire, SetpointMode } from '../house/room.ts';
import { generateHome } from '../seed/generate-home.ts';
import { findHome, type World } from '../world.ts';
import type { Controls } from './controls.ts';
import { dumpState } from './state-dump.ts';
import { findUser } from './user-routes.ts';

const NewHome = z.strictObject({
  userId: z.string(),
  name: z.string().default('Generated'),
  modules: z.coerce.number().int().min(1).max(500).default(139),
  homes: z.coerce.number().int().min(1).max(200).default(1),
});

const HomeChange = z.strictObject({
  homeId: z.string(),
  name: z.string().optional(),
  thermMode: ThermMode.optional(),
  scheduleId: z.string().optional(),
  temperatureControlMode: z.enum(['heating', 'cooling']).optional(),
});

/** What can happen to a room other than through the API. */
const RoomChange = z.strictObject({
  homeId: z.string(),
  roomId: z.string(),
  temperatureC: z.coerce.number().min(-30).max(60).optional(),
  humidityPercent: z.coerce.number().min(0).max(100).optional(),
  openWindow: flag.optional(),
  /** A set point without a mode is one turned by hand: manual. */
  mode: SetpointMode.optional(),
  setPointC: z.coerce.number().min(5).max(30).optional(),
  pilotWire: PilotWire.optional(),
  minutes: z.coerce.number().int().positive().optional(),
});
type RoomChange = z.output<typeof RoomChange>;

export function homeRoutes(controls: Controls): ControlRoute[] {
  const { world, house } = controls;
  return [
    control('GET', '/state', {
      summary: 'everything the cloud remembers, without secrets',
      handle: () => {
        house.compute();
        return dumpState(world.state);
      },
    }),
    control('POST', '/homes', {
      summary: 'generates homes of Legrand modules: {userId or e-mail, name?, modules?: n each, homes?: n}',
      body: NewHome,
      handle: ({ userId, name, modules, homes }) => {
        const owner = findUser(world, userId);
        const made = Array.from({ length: homes }, (_, index) => {
          const numbered = homes === 1 ? name : `${name} ${index + 1}`;
          return generateHome(owner.userId, numbered, modules, world.clock.now());
        });
        world.state.homes.push(...made);
        return { homeIds: made.map(({ homeId }) => homeId) };
      },
    }),
    control('DELETE', '/homes/:homeId', {
      summary: 'removes a home',
      handle: (_, { parameters }) => {
        const { homeId } = existingHome(world, parameters.homeId);
        world.state.homes = world.state.homes.filter((home) => home.homeId !== homeId);
      },
    }),
    control('POST', '/home', {
      summary: 'a home by hand: {homeId, name?, thermMode?, scheduleId?, temperatureControlMode?}',
      body: HomeChange,
      handle: ({ homeId, name, thermMode, scheduleId, temperatureControlMode }) => {
        house.compute();
        const home = existingHome(world, homeId);
        if (name !== undefined) home.name = name;
        if (temperatureControlMode !== undefined) home.temperatureControlMode = temperatureControlMode;
        if (scheduleId !== undefined) house.selectSchedule(home, scheduleId);
        if (thermMode !== undefined) house.setHomeMode(home, thermMode);
        return home;
      },
    }),
    control('POST', '/room', {
      summary:
        'a room by hand: {homeId, roomId, temperatureC?, humidityPercent?, openWindow?, setPointC?, mode?, pilotWire?, minutes?}',
      body: RoomChange,
      handle: (change) => changeRoom(controls, change),
    }),
  ];
}

function changeRoom({ world, house }: Controls, change: RoomChange) {
  house.compute();
  const home = existingHome(world, change.homeId);
  const room = roomOf(home, change.roomId);
  if (!room?.climate) throw new RangeError(`there is no heated room ${change.roomId}`);
  const { climate } = room;
  if (change.temperatureC !== undefined) climate.air.temperatureC = change.temperatureC;
  if (change.humidityPercent !== undefined) climate.air.humidityPercent = change.humidityPercent;
  if (change.openWindow !== undefined) climate.openWindow = change.openWindow;
  const byHand = change.setPointC !== undefined || change.pilotWire !== undefined ? 'manual' : undefined;
  const mode = change.mode ?? byHand;
  if (mode !== undefined)
    house.setRoom(home, room, {
      mode,
      temperatureC: change.setPointC,
      pilotWire: change.pilotWire,
      endEpochMs: change.minutes === undefined ? undefined : world.clock.now() + change.minutes * 60_000,
    });
  return room;
}

export function existingHome(world: World, homeId: string | undefined): Home {
  const home = findHome(world, homeId ?? '');
  if (!home) throw new RangeError(`there is no home ${homeId}`);
  return home;
}
