import * as z from 'zod';
import { type ControlRoute, control } from '../../simulation/control/control-route.ts';
import { flag } from '../../simulation/form-values.ts';
import { Json, type Module, UNREACHABLE_AFTER_MS } from '../house/module.ts';
import { notePower } from '../house/power.ts';
import { isWeather } from '../house/station.ts';
import { createModule } from '../seed/new-module.ts';
import { findModule, type World } from '../world.ts';
import type { Controls } from './controls.ts';
import { existingHome } from './home-routes.ts';

/** What can happen to a device other than through the API. */
const ModuleChange = z.strictObject({
  moduleId: z.string(),
  name: z.string().optional(),
  /** False: it has been silent for four hours, and with it what is behind it. */
  reachable: flag.optional(),
  /** True: it says nothing from now on. */
  silent: flag.optional(),
  batteryMv: z.coerce.number().min(0).max(7000).optional(),
  watts: z.coerce.number().min(0).optional(),
  /** Measures by their names in either case; they hold until others are set, {} lets the weather go on. */
  measures: z.record(z.string(), z.number()).optional(),
  /** Fields of the status by their names on the wire, as somebody at the switch changes them. */
  status: z.record(z.string(), Json).optional(),
});
type ModuleChange = z.output<typeof ModuleChange>;

const NewModule = z.strictObject({
  homeId: z.string(),
  moduleId: z.string(),
  type: z.string(),
  name: z.string().optional(),
  roomId: z.string().optional(),
  bridge: z.string().optional(),
  applianceType: z.string().optional(),
  status: z.record(z.string(), Json).optional(),
});

export function moduleRoutes(controls: Controls): ControlRoute[] {
  const { world, house } = controls;
  return [
    control('POST', '/module', {
      summary:
        'a module by hand: {moduleId, name?, reachable?, silent?, batteryMv?, watts?, measures?: {Temperature: 21}, status?: {on: true}}',
      body: ModuleChange,
      handle: (change) => {
        house.compute();
        return changeModule(controls, change);
      },
    }),
    control('POST', '/modules', {
      summary: 'another module: {homeId, moduleId, type, name?, roomId?, bridge?, applianceType?, status?}',
      body: NewModule,
      handle: ({ homeId, ...facts }) => {
        const home = existingHome(world, homeId);
        if (findModule(world, facts.moduleId)) throw new RangeError(`there is a module ${facts.moduleId}`);
        const module = createModule(facts, world.clock.now());
        notePower(module, world.clock.now());
        home.modules.push(module);
        house.announce(home, topologyChanged('device_associated_to_home', module));
        return module;
      },
    }),
    control('DELETE', '/modules/:moduleId', {
      summary: 'removes a module; # is written %23',
      handle: (_, { parameters }) => {
        const { home, module } = existingModule(world, parameters.moduleId);
        home.modules = home.modules.filter((other) => other !== module);
        house.announce(home, topologyChanged('device_dissociated_from_home', module));
      },
    }),
  ];
}

function topologyChanged(change: string, { moduleId }: Module) {
  return { push_type: 'topology_changed', event_type: change, device_id: moduleId };
}

function changeModule({ world, house }: Controls, change: ModuleChange): Module {
  const { home, module } = existingModule(world, change.moduleId);
  const now = world.clock.now();
  if (change.name !== undefined) module.name = change.name;
  if (change.silent !== undefined) setSilent(module, change.silent, now, now);
  if (change.reachable !== undefined) setSilent(module, !change.reachable, now - UNREACHABLE_AFTER_MS, now);
  if (change.batteryMv !== undefined) module.battery = { mv: change.batteryMv, epochMs: now };
  if (change.watts !== undefined) module.watts = change.watts;
  if (change.measures !== undefined) setMeasures(module, change.measures, now);
  for (const [key, value] of Object.entries(change.status ?? {})) house.command(home, module, key, value);
  notePower(module, now);
  return module;
}

function setSilent(module: Module, silent: boolean, sinceEpochMs: number, now: number): void {
  if (silent) {
    module.silentSinceEpochMs = Math.min(module.silentSinceEpochMs ?? sinceEpochMs, sinceEpochMs);
    return;
  }
  // What it did not say in the meantime is lost.
  if (module.silentSinceEpochMs !== undefined)
    module.outages.push({ fromEpochMs: module.silentSinceEpochMs, toEpochMs: now });
  delete module.silentSinceEpochMs;
}

function setMeasures(module: Module, measures: Readonly<Record<string, number>>, now: number): void {
  if (!isWeather(module)) throw new RangeError(`${module.moduleId} measures nothing`);
  const values = Object.fromEntries(
    Object.entries(measures).map(([name, value]) => [name.toLowerCase(), value]),
  );
  if (Object.keys(values).length === 0) delete module.fixed;
  else module.fixed = { epochMs: now, values: { ...module.fixed?.values, ...values } };
}

function existingModule(world: World, moduleId: string | undefined) {
  const found = findModule(world, decodeURIComponent(moduleId ?? ''));
  if (!found) throw new RangeError(`there is no module ${moduleId}`);
  return found;
}
