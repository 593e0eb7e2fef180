import { outdoorC, stepAir } from '../../simulation/indoor-air.ts';
import { zonedAt } from '../../simulation/wall-clock.ts';
import type { Home } from './home.ts';
import type { Climate, Room } from './room.ts';
import { setPointC } from './setpoint.ts';

/** How often the relay decides. */
export const STEP_MS = 300_000;
/** Of a longer gap only the end is lived through. */
export const LONGEST_GAP_MS = 24 * 3_600_000;
const SAMPLE_MS = 1_800_000;
/** Two weeks. */
const KEPT_SAMPLES = 672;

/** Brings a room to `toEpochMs`; tells when a mode chosen by hand has ended on the way. Never goes back in time. */
export function advanceRoom(
  home: Home,
  room: Room,
  toEpochMs: number,
  ended: (epochMs: number) => void,
): void {
  const { climate } = room;
  if (!climate) return;
  climate.computedEpochMs = Math.max(climate.computedEpochMs, toEpochMs - LONGEST_GAP_MS);
  while (climate.computedEpochMs < toEpochMs) {
    const from = climate.computedEpochMs;
    const end = climate.endEpochMs ?? Number.POSITIVE_INFINITY;
    const sample = (Math.floor(from / SAMPLE_MS) + 1) * SAMPLE_MS;
    const to = Math.min(from + STEP_MS, toEpochMs, sample, end > from ? end : toEpochMs);
    step(home, room, climate, to);
    if (to === sample) keepSample(home, room, climate, to);
    if (to >= end) {
      followHome(climate, to);
      ended(to);
    }
  }
}

export function followHome(climate: Climate, epochMs: number): void {
  climate.mode = 'home';
  climate.startEpochMs = epochMs;
  climate.endEpochMs = undefined;
}

/** The relay answers at once to what has just been decided. */
export function decideRelay(home: Home, room: Room, climate: Climate, epochMs: number): void {
  const demand = demandOf(home, room, climate, epochMs);
  climate.air = stepAir(climate.air, demand, 0, 0);
}

function demandOf(home: Home, room: Room, climate: Climate, epochMs: number) {
  const wished = climate.openWindow ? undefined : setPointC(home, room, climate, epochMs);
  const purpose = home.temperatureControlMode === 'cooling' && climate.kind === 'smarther';
  return { function: purpose ? ('COOLING' as const) : ('HEATING' as const), setPointC: wished };
}

function step(home: Home, room: Room, climate: Climate, toEpochMs: number): void {
  const from = climate.computedEpochMs;
  const local = zonedAt(from, home.timeZone);
  const outsideC = outdoorC(local.dayOfYear, local.hour + local.minute / 60);
  const seconds = (toEpochMs - from) / 1000;
  climate.air = stepAir(climate.air, demandOf(home, room, climate, from), outsideC, seconds);
  if (climate.air.relayOn) climate.boilerOnSeconds += seconds;
  climate.computedEpochMs = toEpochMs;
}

function keepSample(home: Home, room: Room, climate: Climate, epochMs: number): void {
  climate.samples.push({
    epochMs,
    temperatureC: climate.air.temperatureC,
    setPointC: setPointC(home, room, climate, epochMs),
    boilerOnSeconds: climate.boilerOnSeconds,
  });
  climate.samples = climate.samples.slice(-KEPT_SAMPLES);
  climate.boilerOnSeconds = 0;
}
