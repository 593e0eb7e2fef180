/** When a thermostat has something to tell (contract 4, «Trigger»). Pure. */
import { type Announcement, type Silent, setPointC } from './thermostat.ts';

/** Smaller steps would make a home send hundreds of webhooks a day. */
const TEMPERATURE_STEP_K = 0.5;
const HUMIDITY_STEP_PERCENT = 5;

export function announcementOf(thermostat: Silent, epochMs: number, timeZone: string): Announcement {
  const { mode, room } = thermostat;
  return {
    settings: JSON.stringify([
      thermostat.function,
      mode,
      mode === 'BOOST' ? null : setPointC(thermostat, epochMs, timeZone),
      mode === 'AUTOMATIC' ? thermostat.programNumber : null,
      thermostat.activation ?? null,
      room.relayOn,
    ]),
    temperatureC: room.temperatureC,
    humidityPercent: room.humidityPercent,
  };
}

export function isWorthAnnouncing(before: Announcement, after: Announcement): boolean {
  return (
    before.settings !== after.settings ||
    Math.abs(before.temperatureC - after.temperatureC) >= TEMPERATURE_STEP_K ||
    Math.abs(before.humidityPercent - after.humidityPercent) >= HUMIDITY_STEP_PERCENT
  );
}
