import type { Json } from './catalog/device-type.ts';
import { typeOf } from './catalog.ts';
import type { Home } from './home.ts';
import { type Module, positionOf } from './module.ts';
import { notePower } from './power.ts';

export interface ApplyCommand {
  readonly home: Home;
  readonly module: Module;
  readonly key: string;
  readonly value: Json;
  readonly epochMs: number;
}

/** Where a shutter goes for its preferred position. */
const PREFERRED_POSITION = 50;
const sleepingScenarios = ['away', 'bedtime'];

/** @returns whether anything is different now */
export function applyCommand(command: ApplyCommand): boolean {
  const { home, module, key, value, epochMs } = command;
  if (key === 'target_position') return move(module, Number(value), epochMs);
  if (key === 'scenario') return play(home, module, String(value), epochMs);
  if (module.status[key] === value) return false;
  module.status[key] = value;
  // Who turns a dimmer up wants light.
  if (key === 'brightness' && Number(value) > 0) module.status.on = true;
  notePower(module, epochMs);
  return true;
}

function move(module: Module, wanted: number, epochMs: number): boolean {
  const from = positionOf(module, epochMs);
  const to = wanted === -1 ? from : wanted === -2 ? PREFERRED_POSITION : wanted;
  if (module.travel?.to === to && wanted !== -1) return false;
  const moved = module.travel?.to !== to || from !== to;
  module.travel = { from, to, startedEpochMs: epochMs };
  return moved;
}

/** Going out and going to bed put the lights out; the other scenarios put them on. */
function play(home: Home, gateway: Module, scenario: string, epochMs: number): boolean {
  const isLight = (module: Module) =>
    module.bridge === gateway.moduleId && module.applianceType === 'light' && 'on' in module.status;
  const on = !sleepingScenarios.includes(scenario);
  for (const module of home.modules.filter(isLight)) {
    if (!typeOf(module.type).commands.includes('on')) continue;
    module.status.on = on;
    notePower(module, epochMs);
  }
  return true;
}
