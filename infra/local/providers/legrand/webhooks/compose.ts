import { randomUUID } from 'node:crypto';
import { usualForm, type WireForm } from '../api/chronothermostat.ts';
import type { Faults } from '../faults/faults.ts';
import { envelope, type Occurrence } from './envelope.ts';

const OLDER_MS = 5 * 60_000;

/** The request bodies that tell of one change: one, unless a fault says otherwise. */
export function composeBodies(occurrence: Omit<Occurrence, 'eventId'>, faults: Faults): string[] {
  if (faults.take('webhook_lost', 'webhook')) return [];
  const told = faults.take('unknown_plant', 'webhook') ? elsewhere(occurrence) : occurrence;
  const form: WireForm = {
    ...usualForm,
    activation: faults.take('activation_time_form', 'webhook')?.form ?? usualForm.activation,
  };
  const event = (thing: Omit<Occurrence, 'eventId'>) => envelope({ ...thing, eventId: randomUUID() }, form);
  const wrap = wrapping(faults);

  const bodies = [wrap([event(told)])];
  if (faults.take('several_in_one_array', 'webhook'))
    return [JSON.stringify([event(earlier(told, 1000, 0)), event(told)])];
  if (faults.take('duplicate_event', 'webhook')) bodies.push(...bodies);
  if (faults.take('out_of_order', 'webhook')) bodies.push(wrap([event(earlier(told, OLDER_MS, 5))]));
  const burst = faults.take('burst', 'webhook')?.count ?? 1;
  // A second apart, as the wire's times have no smaller unit.
  for (let back = 1; back < burst; back += 1) bodies.unshift(wrap([event(earlier(told, back * 1000, back))]));
  return bodies;
}

type Envelope = ReturnType<typeof envelope>;

function wrapping(faults: Faults): (events: readonly [Envelope]) => string {
  if (faults.take('bare_object', 'webhook')) return ([only]) => JSON.stringify(only.data);
  if (faults.take('single_envelope', 'webhook')) return ([only]) => JSON.stringify(only);
  return (events) => JSON.stringify(events);
}

function elsewhere(occurrence: Omit<Occurrence, 'eventId'>): Omit<Occurrence, 'eventId'> {
  return { ...occurrence, plant: { ...occurrence.plant, plantId: randomUUID() } };
}

/** The same thermostat some time ago, recognisable by its temperature. */
function earlier(
  { plant, thermostat, epochMs }: Omit<Occurrence, 'eventId'>,
  agoMs: number,
  warmerK: number,
): Omit<Occurrence, 'eventId'> {
  const room = { ...thermostat.room, temperatureC: thermostat.room.temperatureC + warmerK / 10 };
  return { plant, thermostat: { ...thermostat, room }, epochMs: epochMs - agoMs };
}
