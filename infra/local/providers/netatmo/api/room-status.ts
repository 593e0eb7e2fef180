/** One room in `homestatus` (contract 3.6). Pure. */

import { type Home, moduleOf } from '../house/home.ts';
import { isReachable } from '../house/module.ts';
import type { ClimateKind, Room } from '../house/room.ts';
import { setPointC } from '../house/setpoint.ts';
import { wireMode } from '../house/wire-mode.ts';
import type { ScopeFamily } from '../scopes.ts';
import { mayRead } from '../scopes.ts';

const climateFamilies: Readonly<Record<ClimateKind, ScopeFamily>> = {
  classic: 'thermostat',
  opentherm: 'thermostat',
  smarther: 'smarther',
  pilot: 'magellan',
};
/** What controls the climate of a room. */
const climateTypes = ['NATherm1', 'NRV', 'OTM', 'BNS', 'NLC'];

/** Undefined for a room without a climate, or one that the caller may not see. */
export function roomStatus(home: Home, room: Room, now: number, scopes: readonly string[]) {
  const { climate } = room;
  if (!climate || !mayRead(scopes, climateFamilies[climate.kind])) return undefined;
  // Of dead valves nothing but this is left.
  if (!isRoomReachable(home, room, now)) return { id: room.roomId, reachable: false };
  const setPoint = setPointC(home, room, climate, now);
  const cooling = home.temperatureControlMode === 'cooling' && climate.kind === 'smarther';
  const prefix = cooling ? 'cooling_setpoint' : 'therm_setpoint';
  const end = climate.endEpochMs;
  return {
    id: room.roomId,
    reachable: true,
    ...(climate.kind === 'smarther' && { humidity: Math.round(climate.air.humidityPercent) }),
    therm_measured_temperature: Math.round(climate.air.temperatureC * 10) / 10,
    ...(climate.kind !== 'pilot' && { heating_power_request: climate.air.relayOn ? 100 : 0 }),
    ...(climate.kind === 'pilot'
      ? { therm_setpoint_fp: pilotWireOf(climate.pilotWire, climate.mode, home.thermMode) }
      : { [`${prefix}_temperature`]: setPoint ?? 0 }),
    [`${prefix}_mode`]: wireMode(home, climate),
    [`${prefix}_start_time`]: Math.floor(climate.startEpochMs / 1000),
    [`${prefix}_end_time`]:
      end !== undefined ? Math.floor(end / 1000) : climate.kind === 'classic' ? 0 : null,
    ...(climate.kind === 'classic' && { anticipating: false }),
    ...(climate.kind !== 'smarther' && { open_window: climate.openWindow }),
  };
}

function pilotWireOf(chosen: string | undefined, mode: string, homeMode: string): string {
  if (mode === 'manual' && chosen) return chosen;
  if (homeMode === 'hg' || mode === 'hg') return 'frost_guard';
  return homeMode === 'away' || mode === 'away' ? 'away' : 'comfort';
}

/** One device that is heard is enough. */
function isRoomReachable(home: Home, { roomId }: Room, now: number): boolean {
  const devices = home.modules.filter(
    (module) => module.roomId === roomId && climateTypes.includes(module.type),
  );
  return devices.some((device) => {
    const bridge = device.bridge === undefined ? undefined : moduleOf(home, device.bridge);
    return isReachable(device, now) && (bridge === undefined || isReachable(bridge, now));
  });
}
