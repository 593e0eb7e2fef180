/** One module in `homestatus` (contract 3.6). Pure. */
import type { BatteryScale } from '../house/catalog/device-type.ts';
import { typeOf } from '../house/catalog.ts';
import { type Home, parentOf } from '../house/home.ts';
import { batteryMv, isReachable, lastHeardEpochMs, type Module, positionOf } from '../house/module.ts';
import { wattsNow } from '../house/power.ts';
import { dashboardOf, isWeather, lastUploadEpochMs } from '../house/station.ts';
import { seedOf } from '../house/weather.ts';

export function moduleStatus(home: Home, module: Module, now: number, stepKey: string) {
  const { moduleId, type, bridge } = module;
  const kind = typeOf(type);
  const identity = { id: moduleId, type };
  const behind = bridge === undefined ? {} : { bridge };
  const parent = parentOf(home, module);
  // A channel has no `reachable` of its own: it takes that of the device it is part of.
  if (parent && !isReachable(parent, now)) return { ...identity, ...behind };
  if (!isReachable(module, now)) return { ...identity, reachable: false, ...behind };
  return {
    ...identity,
    ...(!kind.withoutReachable && !parent && { reachable: true }),
    firmware_revision: 50 + Math.round(seedOf(moduleId) * 20),
    ...radioOf(module, now),
    ...batteryOf(module, now),
    ...module.status,
    ...(kind.showsPower && { power: wattsNow(module) }),
    ...(kind.shutterStep && {
      current_position: shownPosition(module, kind.shutterStep, now),
      target_position: module.travel?.to ?? 0,
      [stepKey]: kind.shutterStep,
    }),
    ...boilerOf(home, module),
    ...(isWeather(module) && measured(home, module, now)),
    ...behind,
  };
}

function radioOf(module: Module, now: number) {
  const strength = 40 + Math.round(seedOf(module.moduleId) * 6);
  const heard = Math.floor(lastHeardEpochMs(module, now) / 1000);
  switch (typeOf(module.type).radio) {
    case 'wifi':
      return { wifi_strength: strength, last_seen: heard };
    case 'rf':
      return { rf_strength: strength + 20, last_seen: heard };
    default:
      return { last_seen: heard };
  }
}

function batteryOf(module: Module, now: number) {
  const mv = batteryMv(module, now);
  const scale = typeOf(module.type).battery;
  return mv !== undefined && scale && { battery_level: mv, battery_state: batteryState(mv, scale) };
}

export function batteryState(mv: number, scale: BatteryScale): string {
  if (mv >= scale.fullMv) return 'max';
  if (mv >= (scale.fullMv + scale.highMv) / 2) return 'full';
  if (mv >= scale.highMv) return 'high';
  if (mv >= scale.mediumMv) return 'medium';
  return mv >= scale.lowMv ? 'low' : 'very_low';
}

export function batteryPercent(mv: number, { fullMv, emptyMv }: BatteryScale): number {
  return Math.round(Math.min(1, Math.max(0, (mv - emptyMv) / (fullMv - emptyMv))) * 100);
}

/** A shutter that knows only two ends shows the one it left until it is at the other. */
function shownPosition(module: Module, step: 1 | 100, now: number): number {
  const position = positionOf(module, now);
  if (step === 1 || position === module.travel?.to) return position;
  return module.travel?.from ?? 0;
}

/** Whether a thermostat calls for heat. */
function boilerOf({ rooms }: Home, { type, roomId }: Module) {
  if (!['NATherm1', 'OTM', 'BNS'].includes(type)) return {};
  const air = rooms.find((room) => room.roomId === roomId)?.climate?.air;
  return { boiler_status: air?.relayOn ?? false };
}

/** The same measures as of a station, in lower case here. */
function measured(home: Home, module: Module, now: number) {
  const { time_utc: ts, ...rest } = dashboardOf(home, module, lastUploadEpochMs(module, now));
  const lower = Object.entries(rest).map(([name, value]) => [name.toLowerCase(), value]);
  return { ts, ...Object.fromEntries(lower) };
}
