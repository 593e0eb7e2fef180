/** What a webhook delivered, translated into reports. Pure: no I/O, no clock; never throws. */
import { parseJson } from '../../domain/text.ts';
import type { Report, Translation } from '../provider.ts';
import { placeOf, toReport } from './translate.ts';
import { Envelope, Thermostat, ThermostatEvent } from './wire.ts';

type ZoneOf = (plantNativeId: string) => string;

const unreadable = (reason: string): Translation => ({ kind: 'unreadable', reason });
const ignored = (reason: string): Translation => ({ kind: 'ignored', reason });

/** Reads an array of envelopes, one envelope, or the bare object that Legrand's tutorial shows. */
export function translateDelivery(raw: string, zoneOf: ZoneOf): Translation {
  const body = parseJson(raw);
  if (body === undefined) return unreadable('is not JSON');
  if (!Array.isArray(body)) return translateEvent(body, zoneOf);
  return merge(body.map((event) => translateEvent(event, zoneOf)));
}

function translateEvent(event: unknown, zoneOf: ZoneOf): Translation {
  const { eventType, data } = Envelope.safeParse(event).data ?? {};
  if (eventType === undefined) return translateThermostats(data ?? event, zoneOf);
  if (eventType === 'DeviceToCloud') return translateThermostats(data, zoneOf);
  return eventType === 'Microsoft.EventGrid.SubscriptionValidationEvent'
    ? ignored('is a validation handshake')
    : ignored('is an event of a type that says nothing of the home');
}

function translateThermostats(candidate: unknown, zoneOf: ZoneOf): Translation {
  const event = ThermostatEvent.safeParse(candidate);
  if (!event.success) return unreadable('is no thermostat notification');
  if (event.data.chronothermostats.length === 0) return ignored('holds no thermostat');
  const reports = event.data.chronothermostats.flatMap((thermostat) => translateOne(thermostat, zoneOf));
  return reports.length > 0
    ? { kind: 'reports', reports }
    : unreadable('does not say which thermostat it is from');
}

function translateOne(candidate: unknown, zoneOf: ZoneOf): Report[] {
  const thermostat = Thermostat.safeParse(candidate).data;
  const place = thermostat && placeOf(thermostat);
  return place ? [toReport(thermostat, place, zoneOf(place.plantNativeId))] : [];
}

/** What can be read of a delivery counts, even beside something that cannot. */
function merge(translations: readonly Translation[]): Translation {
  const reports = translations.flatMap((one) => (one.kind === 'reports' ? one.reports : []));
  if (reports.length > 0) return { kind: 'reports', reports };
  return (
    translations.find(({ kind }) => kind === 'unreadable') ?? translations[0] ?? ignored('holds no event')
  );
}
