import * as z from 'zod';
import { type ControlRoute, control } from '../../simulation/control/control-route.ts';
import { flag } from '../../simulation/form-values.ts';
import { wallText } from '../../simulation/wall-clock.ts';
import type { ThermostatChange } from '../house/thermostat.ts';
import { ThermostatFunction, ThermostatMode } from '../house/thermostat.ts';
import { findModule } from '../world.ts';
import type { Controls } from './controls.ts';
import { dumpState } from './state-dump.ts';

const upperCase = z.string().transform((text) => text.toUpperCase());
/** What can happen to a thermostat other than through the API. */
const Patch = z.strictObject({
  moduleId: z.string(),
  temperatureC: z.coerce.number().min(-30).max(60).optional(),
  humidityPercent: z.coerce.number().min(0).max(100).optional(),
  function: upperCase.pipe(ThermostatFunction).optional(),
  /** A set point without a mode is one turned by hand: manual. */
  mode: upperCase.pipe(ThermostatMode).optional(),
  setPointC: z.coerce.number().min(3).max(40).optional(),
  program: z.coerce.number().int().min(0).max(11).optional(),
  /** How long the mode holds; 30 for a boost that does not say. */
  minutes: z.coerce.number().int().positive().optional(),
  reachable: flag.optional(),
});
type Patch = z.output<typeof Patch>;

export function homeRoutes({ world, house }: Controls): ControlRoute[] {
  return [
    control('GET', '/state', {
      summary: 'everything the cloud remembers, without secrets',
      handle: () => {
        house.compute();
        return dumpState(world.state);
      },
    }),
    control('POST', '/state', {
      summary:
        'a thermostat by hand: {moduleId, temperatureC?, humidityPercent?, setPointC?, mode?, program?, minutes?, function?, reachable?}',
      body: Patch,
      handle: (patch) => {
        const found = findModule(world, patch.moduleId);
        if (!found) throw new RangeError(`there is no module ${patch.moduleId}`);
        const { plant, thermostat } = found;
        if (patch.reachable !== undefined) thermostat.reachable = patch.reachable;
        const { temperatureC, humidityPercent } = patch;
        if (temperatureC !== undefined) house.disturb(patch.moduleId, { temperatureC });
        if (humidityPercent !== undefined) house.disturb(patch.moduleId, { humidityPercent });
        house.change(patch.moduleId, changeByHand(patch, plant.timeZone, world.clock.now()));
        return thermostat;
      },
    }),
  ];
}

function changeByHand(patch: Patch, timeZone: string, now: number): ThermostatChange {
  const mode = patch.mode ?? (patch.setPointC === undefined ? undefined : 'MANUAL');
  const minutes = patch.minutes ?? (mode === 'BOOST' ? 30 : undefined);
  const wall = (afterMinutes: number) =>
    wallText((Math.floor(now / 60_000) + afterMinutes) * 60_000, timeZone);
  return {
    ...(patch.function && { function: patch.function }),
    ...(mode && { mode }),
    ...(patch.setPointC !== undefined && { manualC: patch.setPointC }),
    ...(patch.program !== undefined && { programNumber: patch.program }),
    ...(mode &&
      minutes !== undefined && {
        activation: { ...(mode === 'BOOST' && { startWall: wall(0) }), endWall: wall(minutes) },
      }),
  };
}
