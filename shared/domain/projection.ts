/** How reports become module state, and how two states become changes. Pure: no I/O, no clock. */
import type { Change } from './event.ts';
import type { AwaitedEffect, Module } from './module.ts';
import {
  type CapabilityName,
  type CapabilityProfiles,
  isKeepable,
  isSameReading,
  isSameValue,
  type Reading,
  type Readings,
  type ReportedValues,
  unitOf,
} from './reading.ts';
import type { UtcTime } from './time.ts';

export interface TimedReport {
  readonly values: ReportedValues;
  readonly reachable?: boolean | undefined;
  readonly observedAt: UtcTime;
  readonly receivedAt: UtcTime;
}

export interface Merged {
  /** The module with the report taken in, its version raised; `undefined`: the report told nothing new. */
  readonly module: Module | undefined;
  /** Readings older than those the module has: no state, but history. */
  readonly late: readonly [CapabilityName, Reading][];
}

/**
 * Takes a report in, capability by capability: an older reading never replaces a newer one. At the same time the
 * later arrival wins, because devices count whole seconds and a hand on a dial is faster. A report that comes again,
 * whatever came in between, changes nothing.
 */
export function mergeReport(module: Module, report: TimedReport): Merged {
  const readings: Readings = { ...module.readings };
  const late: [CapabilityName, Reading][] = [];
  const confirmed: [CapabilityName, Reading][] = [];
  const reported = readingsOf(report, module.profiles);
  let told = false;
  for (const [capability, reading] of reported) {
    const known = module.readings[capability];
    if (known && known.observedAt > reading.observedAt) late.push([capability, reading]);
    else if (!known || isNews(known, reading)) {
      readings[capability] = reading;
      told = true;
    } else if (known.receivedAt < reading.receivedAt) confirmed.push([capability, reading]);
  }
  // Said again beside news of the same second: a command may be waiting to hear just that.
  if (told) Object.assign(readings, Object.fromEntries(confirmed));
  const reachable = reachability(module, report, told || reported.length === 0);
  if (!told && reachable === module.reachable) return { module: undefined, late };
  return { module: { ...module, readings, reachable, version: module.version + 1 }, late };
}

function isNews(known: Reading, reading: Reading): boolean {
  if (known.observedAt !== reading.observedAt) return true;
  return !isSameValue(known.value, reading.value) && known.receivedAt <= reading.receivedAt;
}

/** Old readings say nothing of now; new ones come from a module that can be reached, whatever was said before. */
function reachability(module: Module, { values, reachable }: TimedReport, isNew: boolean): boolean | null {
  if (!isNew) return module.reachable;
  return reachable ?? (Object.keys(values).length > 0 ? true : module.reachable);
}

/** A value that is too large to be kept is left out. */
function readingsOf(
  { values, observedAt, receivedAt }: TimedReport,
  profiles: CapabilityProfiles,
): [CapabilityName, Reading][] {
  return (Object.entries(values) as [CapabilityName, Reading['value'] | undefined][])
    .filter((entry): entry is [CapabilityName, Reading['value']] => entry[1] !== undefined)
    .filter(([, value]) => isKeepable(value))
    .map(([capability, value]) => [
      capability,
      { value, unit: unitOf(capability, profiles), observedAt, receivedAt },
    ]);
}

/** The readings whose values or units differ, with the previous value; empty where only times moved. */
export function changesBetween(before: Readings, after: Readings): Change[] {
  return (Object.entries(after) as [CapabilityName, Reading][])
    .filter(([capability, reading]) => !isSameReading(before[capability], reading))
    .map(([capability, reading]) => {
      const previous = before[capability]?.value;
      return { capability, ...reading, ...(previous !== undefined && { previous }) };
    });
}

/** When the awaited effect was seen; `undefined`: not yet. Readings from before the command do not count. */
export function effectSeenAt(effect: AwaitedEffect, readings: Readings): UtcTime | undefined {
  const expected = Object.entries(effect.expects) as [CapabilityName, Reading['value']][];
  const seen = expected.map(([capability, value]) => {
    const reading = readings[capability];
    const isSeen = reading && isSameValue(reading.value, value) && reading.receivedAt >= effect.sentAt;
    return isSeen ? reading.receivedAt : undefined;
  });
  return seen.every((at) => at !== undefined) ? seen.reduce((a, b) => (a > b ? a : b)) : undefined;
}
