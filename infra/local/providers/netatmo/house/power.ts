/** What the modules of a wiring draw and have drawn. Pure: no clock. */
import { typeOf } from './catalog.ts';
import type { Module } from './module.ts';

const HOUR_MS = 3_600_000;
const KEPT_ENTRIES = 500;

/** Present draw, watts. */
export function wattsNow(module: Module): number {
  const { watts = 0, status } = module;
  if (status.on === false) return 0;
  const { brightness, fan_speed: speed } = status;
  if (typeof brightness === 'number') return Math.round((watts * brightness) / 100);
  return typeof speed === 'number' ? watts * speed : watts;
}

/** Notes the present draw if it is another than before. */
export function notePower(module: Module, epochMs: number): void {
  const watts = wattsNow(module);
  if (module.watts === undefined || module.powerLog.at(-1)?.watts === watts) return;
  module.powerLog.push({ epochMs, watts });
  module.powerLog = module.powerLog.slice(-KEPT_ENTRIES);
}

/** What it used between two moments, watt hours. */
export function energyWh(module: Module, fromEpochMs: number, toEpochMs: number): number {
  const log = module.powerLog;
  let sum = 0;
  for (const [index, { epochMs, watts }] of log.entries()) {
    const from = Math.max(fromEpochMs, index === 0 ? Number.NEGATIVE_INFINITY : epochMs);
    const to = Math.min(toEpochMs, log[index + 1]?.epochMs ?? Number.POSITIVE_INFINITY);
    if (to > from) sum += (watts * (to - from)) / HOUR_MS;
  }
  return Number(sum.toFixed(3));
}

export function drawsPower({ type, watts }: Module): boolean {
  return watts !== undefined && typeOf(type).watts !== undefined;
}
