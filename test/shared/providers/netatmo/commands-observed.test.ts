/** Everything that Claire's modules claim to obey, as discovery found them: told, and then seen by the next poll. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { CommandAction, type ModuleWish } from '../../../../shared/domain/command-action.ts';
import { LatchkeyError } from '../../../../shared/domain/error.ts';
import type { Module } from '../../../../shared/domain/module.ts';
import type { CommandTarget, PreparedCommand } from '../../../../shared/providers/provider.ts';
import { type NetatmoBench, NOW, openNetatmo } from './netatmo-bench.ts';
import { discover, keep } from './netatmo-homes.ts';

const until = '2026-01-15T21:30:00Z';
/** A shutter needs 15 seconds, and the quota forgets after ten. */
const MOVED_SECONDS = 20;
const refusals = ['request_invalid', 'command_unsupported'];

let bench: NetatmoBench;
let targets: CommandTarget[];

beforeAll(async () => {
  bench = await openNetatmo();
  targets = keep(bench, await discover(bench)).flatMap(({ plant, modules }) =>
    modules.map((module) => ({ plant, module })),
  );
});
afterAll(() => bench.close());

const wishesOf: { readonly [A in CommandAction]: (module: Module) => readonly ModuleWish[] } = {
  set_setpoint: () => [
    { action: 'set_setpoint', temperatureC: 22.5, until },
    { action: 'set_setpoint', temperatureC: 18 },
  ],
  set_mode: () => [
    ...(['boost', 'protection', 'off', 'away'] as const).map(
      (mode) => ({ action: 'set_mode', mode, until }) as const,
    ),
    { action: 'set_mode', mode: 'automatic' },
  ],
  set_switch: () => [true, false].map((on) => ({ action: 'set_switch', on })),
  set_brightness: () => [{ action: 'set_brightness', percent: 33 }],
  set_position: () => [0, 40, 100].map((percent) => ({ action: 'set_position', percent })),
  stop: () => [{ action: 'stop' }],
  set_fan: () => [{ action: 'set_fan', speed: 2 }],
  set_monitoring: () => [false, true].map((on) => ({ action: 'set_monitoring', on })),
  set_floodlight: () => [{ action: 'set_floodlight', mode: 'on' }],
  set_plant_mode: () => [
    { action: 'set_plant_mode', mode: 'away', until },
    { action: 'set_plant_mode', mode: 'frost_guard' },
    { action: 'set_plant_mode', mode: 'schedule' },
  ],
  select_schedule: ({ programs }) =>
    programs.toReversed().map(({ programId }) => ({ action: 'select_schedule', scheduleId: programId })),
  set_presence: () => [false, true].map((present) => ({ action: 'set_presence', present })),
  // Claimed by none of them.
  set_value: () => [],
};

async function readingsOf({ plant, module }: CommandTarget) {
  const reports = await Array.fromAsync(bench.provider.state(bench.session, [{ plant, modules: [module] }]));
  return reports[0]?.values ?? {};
}

/** The simulated BTicino devices stand in a room that has none. */
const hasClimate = ({ module }: CommandTarget) =>
  !['BNTH', 'BNFC', 'BNTR'].includes(String(module.native.type));

/** Undefined for what this hardware cannot, of what others with the same action can. */
function prepareUnlessRefused(wish: ModuleWish, target: CommandTarget): PreparedCommand | undefined {
  try {
    return bench.provider.prepare(wish, target, NOW);
  } catch (error) {
    const isRefused = error instanceof LatchkeyError && refusals.includes(error.code);
    if (isRefused) return undefined;
    throw error;
  }
}

it.each(CommandAction.exclude(['set_value']).options)(
  '%s shows as it was expected to, wherever it is claimed',
  async (action) => {
    const obeying = targets.filter(({ module }) => module.actions.includes(action)).filter(hasClimate);
    expect(obeying.length).toBeGreaterThan(0);
    const carriedOut: string[] = [];
    for (const target of obeying) {
      for (const wish of wishesOf[action](target.module)) {
        const prepared = prepareUnlessRefused(wish, target);
        if (prepared === undefined) continue;
        await prepared.execute(bench.session);
        await bench.cloud.advance(MOVED_SECONDS);
        expect(await readingsOf(target), JSON.stringify([target.module.native, wish])).toMatchObject(
          prepared.expects,
        );
        carriedOut.push(target.module.nativeId);
      }
    }
    expect(new Set(carriedOut).size).toBe(obeying.length);
  },
);
