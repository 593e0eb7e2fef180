/** What each push of Netatmo's must come to in the feed. */
import type { Event, EventType } from '../../../../shared/domain/event.ts';
import type { CapabilityName, ReadingValue } from '../../../../shared/domain/reading.ts';
import { changesOf } from '../step.ts';

/** Its type; or the reading that changes, and to what where that is known. */
type Outcome = Exclude<EventType, 'latchkey.module.changed'> | readonly [CapabilityName, ReadingValue?];

/** By the last word of a push's kind. */
const outcomes: Readonly<Record<string, Outcome>> = {
  set_point: ['mode', 'manual'],
  cancel_set_point: ['mode', 'automatic'],
  setpoint_event: ['mode', 'manual'],
  therm_mode: ['plant_mode', 'away'],
  schedule: ['program'],
  off: ['monitoring', false],
  on: ['monitoring', true],
  alim: ['power_supply', false],
  disconnection: 'latchkey.module.unreachable',
  connection: 'latchkey.module.reachable',
  module_disconnect: 'latchkey.module.unreachable',
  module_connect: 'latchkey.module.reachable',
  person: 'latchkey.security.person_seen',
  person_home: 'latchkey.security.person_arrived',
  person_away: 'latchkey.security.person_left',
  movement: 'latchkey.security.movement',
  human: 'latchkey.security.human',
  animal: 'latchkey.security.animal',
  vehicle: 'latchkey.security.vehicle',
  incoming_call: 'latchkey.security.call_incoming',
  accepted_call: 'latchkey.security.call_accepted',
  missed_call: 'latchkey.security.call_missed',
  tag_open: 'latchkey.security.door_opened',
  tag_big_move: 'latchkey.security.door_moved',
  tag_small_move: 'latchkey.security.door_moved',
  alarm_started: 'latchkey.security.alarm',
  siren_sounding: 'latchkey.security.siren',
  smoke: 'latchkey.security.smoke',
  co_detected: 'latchkey.security.carbon_monoxide',
  tampered: 'latchkey.security.tampered',
  siren_tampered: 'latchkey.security.tampered',
  boot: 'latchkey.security.condition',
  ftp: 'latchkey.security.condition',
  hush: 'latchkey.security.condition',
  detection_chamber_status: 'latchkey.security.condition',
  sound_test: 'latchkey.security.condition',
  battery_status: 'latchkey.security.condition',
  wifi_status: 'latchkey.security.condition',
  module_low_battery: 'latchkey.security.condition',
  module_end_update: 'latchkey.security.condition',
  tag_uninstalled: 'latchkey.security.condition',
  alarm_event: 'latchkey.weather.threshold',
};

/** Why nothing is told of the others. */
const silent: Readonly<Record<string, string>> = {
  webhook_activation: 'says that the webhook was added',
  rtc: 'sets up the picture of a call',
  alert: 'is a note to people',
  daily_summary: 'is a summary for people',
  schedule_edited: 'has the state read again',
  new_module: 'has the topology read again',
  topology_changed: 'has the topology read again',
  sd: 'says what is known already',
  light_mode: 'says what is known already',
};

/** What comes is told as a change only right after it went: whatever else a device tells brings it back as well. */
const goings: Readonly<Record<string, string>> = {
  on: 'off',
  connection: 'disconnection',
  module_connect: 'module_disconnect',
};

/** The kinds in an order in which each of them changes something. */
export function inOrder(kinds: readonly string[]): string[] {
  const isGoing = (kind: string) => Object.values(goings).includes(lastWordOf(kind));
  return kinds.filter((kind) => !isGoing(kind)).flatMap((kind) => [...goingBefore(kind), kind]);
}

function goingBefore(kind: string): string[] {
  const [coming, going] = [lastWordOf(kind), goings[lastWordOf(kind)]];
  return going === undefined ? [] : [`${kind.slice(0, -coming.length)}${going}`];
}

/** Recognises the event of a push; a text where there is to be none, and why. */
export function eventOf(kind: string): ((event: Event) => boolean) | string {
  const word = lastWordOf(kind);
  const outcome = outcomes[word];
  if (outcome === undefined) return silent[word] ?? failOn(kind);
  if (typeof outcome === 'string') return ({ type }) => type === outcome;
  const [capability, value] = outcome;
  return (event) =>
    changesOf(event).some(
      (change) => change.capability === capability && (value === undefined || change.value === value),
    );
}

/** `display_change/set_point`, `NACamera-person_home` and `alert` are all named by their end. */
function lastWordOf(kind: string): string {
  return kind.split(/[-/]/).at(-1) ?? kind;
}

function failOn(kind: string): never {
  throw new Error(`nobody has said what is to come of a push ${kind}`);
}
