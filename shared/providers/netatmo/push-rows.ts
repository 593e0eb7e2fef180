/**
 * Every push that Netatmo is known to send (contract 4.3), and what each means: the row of a push is found by its event
 * type. Pure: no I/O, no clock; never throws.
 */
import type { HappeningType } from '../../domain/event.ts';
import type { CapabilityName, ReadingValue, ReportedValues } from '../../domain/reading.ts';
import type { SyncTask } from '../../domain/sync-job.ts';
import type { AmbientReport, Happening, Report } from '../provider.ts';
import { fields } from './device-fields.ts';
import { deviceOf, type Push, plantOf } from './push.ts';
import { readRooms } from './push-rooms.ts';

/** An event has to fit into a page of the feed. */
const MAX_PERSONS = 50;

/** What a push tells. */
export interface Told {
  readonly reports?: readonly Report[];
  readonly ambients?: readonly AmbientReport[];
  readonly happenings?: readonly Happening[];
  /** What is to be asked for, since the push only says that it has changed. */
  readonly lookAgain?: SyncTask;
}

export type PushRow =
  | { readonly ignored: string }
  /** `undefined`: it does not say what it should. */
  | { readonly read: (push: Push) => Told | undefined };

/** What a push says of one module. */
interface Said {
  readonly values?: ReportedValues;
  readonly reachable?: boolean;
  readonly happening?: HappeningType;
  /** Of the happening. */
  readonly details?: Readonly<Record<string, string | boolean>>;
  readonly lookAgain?: SyncTask;
}

type Reading = Said | ((push: Push) => Said | undefined);

/** Said of the device that sends it: a camera, a doorbell, an alarm. */
const device = (said: Reading) => row(said, deviceOf);
/** Said of a module behind the device: a tag, a siren. */
const module = (said: Reading) => row(said, ({ module_id: moduleId }) => moduleId);
/** Said of the module behind the device, or of the device itself. */
const moduleOrDevice = (said: Reading) => row(said, (push) => push.module_id ?? deviceOf(push));
/** Said of the home as a whole. */
const plant = (said: Reading) => row(said, plantOf);

const seen = (happening: HappeningType) => device({ happening });
const condition = (name: string): Said => ({
  happening: 'latchkey.security.condition',
  details: { condition: name },
});
const smoke = (detected: boolean): Said => ({
  values: { smoke: detected },
  happening: 'latchkey.security.smoke',
  details: { detected },
});
const tampered = (isTampered: boolean): Said => ({
  values: { tampered: isTampered },
  happening: 'latchkey.security.tampered',
  details: { tampered: isTampered },
});
const carbonMonoxide = (level: 'none' | 'pre_alarm' | 'alarm'): Said => ({
  values: { carbon_monoxide: level },
  happening: 'latchkey.security.carbon_monoxide',
  details: { level },
});
const moved = (extent: string) => module({ happening: 'latchkey.security.door_moved', details: { extent } });

const rows: Readonly<Record<string, PushRow>> = {
  webhook_activation: { ignored: 'says that the webhook was added' },

  set_point: { read: tellRooms },
  setpoint_event: { read: tellRooms },
  cancel_set_point: { read: tellRooms },
  therm_mode: plant(tellPlantMode),
  schedule: plant(({ schedule_id: program }) => ({
    ...(program !== undefined && { values: { program } }),
    lookAgain: 'state',
  })),

  person: { read: tellPersons('latchkey.security.person_seen', true) },
  person_home: { read: tellPersons('latchkey.security.person_arrived', true) },
  person_away: { read: tellPersons('latchkey.security.person_left', false) },

  movement: seen('latchkey.security.movement'),
  human: seen('latchkey.security.human'),
  animal: seen('latchkey.security.animal'),
  vehicle: seen('latchkey.security.vehicle'),
  incoming_call: seen('latchkey.security.call_incoming'),
  accepted_call: seen('latchkey.security.call_accepted'),
  missed_call: seen('latchkey.security.call_missed'),
  rtc: { ignored: 'sets up the picture of a call' },

  on: device({ values: { monitoring: true } }),
  off: device({ values: { monitoring: false } }),
  // What is behind it comes and goes with it.
  connection: device({ reachable: true, lookAgain: 'state' }),
  disconnection: device({ reachable: false, lookAgain: 'state' }),
  boot: device(condition('restarted')),
  // Their sub types are what the status of the camera says.
  sd: device(({ sub_type: state }) => read('memory_card', fields.memory_card({ sd_status: state }))),
  alim: device(({ sub_type: state }) => read('power_supply', fields.power_supply({ alim_status: state }))),
  // It may come without one.
  light_mode: device(
    ({ sub_type: floodlight }) =>
      read('floodlight', fields.floodlight({ floodlight })) ?? { lookAgain: 'state' },
  ),
  ftp: device(({ message }) => condition(message === 'ftp-0' ? 'upload_working' : 'upload_failed')),

  tag_big_move: moved('big'),
  tag_small_move: moved('small'),
  tag_open: module({ values: { open: true }, happening: 'latchkey.security.door_opened' }),
  tag_uninstalled: module(condition('uninstalled')),
  alarm_started: moduleOrDevice({ happening: 'latchkey.security.alarm' }),
  siren_sounding: moduleOrDevice({ values: { sounding: true }, happening: 'latchkey.security.siren' }),
  siren_tampered: moduleOrDevice(tampered(true)),

  // An alarm that says nothing we know is still one.
  smoke: bySubType({ 0: smoke(false), 1: smoke(true) }, { happening: 'latchkey.security.smoke' }),
  co_detected: bySubType(
    { 0: carbonMonoxide('none'), 1: carbonMonoxide('pre_alarm'), 2: carbonMonoxide('alarm') },
    { happening: 'latchkey.security.carbon_monoxide' },
  ),
  tampered: bySubType({ 0: tampered(false), 1: tampered(true) }),
  // Two readers of it disagree about what its sub type means (contract 8.6).
  hush: device(condition('hushed_or_not')),
  detection_chamber_status: bySubType({ 0: condition('clean'), 1: condition('dusty') }),
  sound_test: bySubType({ 0: condition('sound_test_passed'), 1: condition('sound_test_failed') }),
  battery_status: bySubType({ 0: condition('battery_low'), 1: condition('battery_very_low') }),
  wifi_status: bySubType({ 0: condition('wireless_failed'), 1: condition('wireless_working') }),

  module_connect: module({ reachable: true }),
  module_disconnect: module({ reachable: false }),
  module_low_battery: module(condition('battery_low')),
  module_end_update: module(condition('updated')),
  new_module: { read: () => ({ lookAgain: 'topology' }) },
  topology_changed: { read: () => ({ lookAgain: 'topology' }) },

  alarm_event: device(({ sub_type: measure }) => ({
    happening: 'latchkey.weather.threshold',
    ...(measure !== undefined && { details: { measure } }),
  })),
  alert: { ignored: 'is a note to people' },
  daily_summary: { ignored: 'is a summary for people' },
};

/**
 * By the push type where that is a bare word, else by the event type, which is also the end of
 * `<device type>-<event type>`.
 */
export function rowOf({ push_type: pushType, event_type: eventType }: Push): PushRow | undefined {
  const names = [pushType, eventType, pushType?.slice(pushType.indexOf('-') + 1)];
  for (const name of names) if (name !== undefined && Object.hasOwn(rows, name)) return rows[name];
  return undefined;
}

function row(said: Reading, nativeIdOf: (push: Push) => string | undefined): PushRow {
  return {
    read(push) {
      const nativeId = nativeIdOf(push);
      const found = typeof said === 'function' ? said(push) : said;
      return nativeId === undefined || found === undefined ? undefined : tell(push, nativeId, found);
    },
  };
}

function read(capability: CapabilityName, value: ReadingValue | undefined): Said | undefined {
  return value === undefined ? undefined : { values: { [capability]: value } };
}

function bySubType(meanings: Readonly<Record<string, Said>>, otherwise?: Said): PushRow {
  return device(({ sub_type: subType = '' }) =>
    Object.hasOwn(meanings, subType) ? meanings[subType] : otherwise,
  );
}

function tell(push: Push, moduleNativeId: string, said: Said): Told {
  const { values = {}, reachable, happening, details, lookAgain } = said;
  const isReport = Object.keys(values).length > 0 || reachable !== undefined;
  const report = { plantNativeId: plantOf(push) ?? '', moduleNativeId, values };
  return {
    ...(isReport && { reports: [{ ...report, ...(reachable !== undefined && { reachable }) }] }),
    ...(happening && { happenings: [toHappening(push, moduleNativeId, happening, details)] }),
    ...(lookAgain && { lookAgain }),
  };
}

function toHappening(
  push: Push,
  moduleNativeId: string,
  type: HappeningType,
  details: Said['details'] = {},
): Happening {
  const plantNativeId = plantOf(push);
  return {
    type,
    moduleNativeId,
    ...(plantNativeId !== undefined && { plantNativeId }),
    details: { ...details, ...picturesOf(push), ...wordsOf(push) },
    persons: push.persons
      .slice(0, MAX_PERSONS)
      .map(({ id, is_known: isKnown = false, face_url: pictureUrl }) => ({
        isKnown,
        ...(isKnown && id !== undefined && { nativeId: id }),
        ...(isAddress(pictureUrl) && { pictureUrl }),
      })),
  };
}

function picturesOf({ snapshot_url: snapshotUrl, vignette_url: vignetteUrl }: Push) {
  return {
    ...(isAddress(snapshotUrl) && { snapshotUrl }),
    ...(isAddress(vignetteUrl) && { vignetteUrl }),
  };
}

function wordsOf({ message, sub_type: subType }: Push) {
  const words = message?.replace(/<[^>]*>/g, '').trim();
  return {
    ...(words !== undefined && words !== '' && { message: words }),
    ...(subType !== undefined && { subType }),
  };
}

function isAddress(candidate: string | undefined): candidate is string {
  return candidate !== undefined && /^https?:\/\//.test(candidate);
}

function tellRooms(push: Push): Told | undefined {
  const ambients = readRooms(push);
  // `off` may name no room (contract 4.3), and what a room goes back to is told as a mode alone.
  const isWhole = ambients.length > 0 && ambients.every(({ values }) => values.setpoint !== undefined);
  if (ambients.length === 0 && plantOf(push) === undefined) return undefined;
  return { ambients, ...(!isWhole && { lookAgain: 'state' }) };
}

function tellPlantMode({ mode, home }: Push): Said | undefined {
  const plantMode = fields.plant_mode({ therm_mode: home?.therm_mode ?? mode });
  if (plantMode === undefined) return undefined;
  return {
    values: { plant_mode: plantMode, ...(plantMode === 'schedule' && { plant_mode_until: null }) },
    // The set points of the rooms follow, and the end of the mode is not said.
    lookAgain: 'state',
  };
}

/** Only those have a module whom the owner has given a name. */
function tellPersons(happening: HappeningType, present: boolean): (push: Push) => Told | undefined {
  return (push) => {
    const at = deviceOf(push) ?? plantOf(push);
    if (at === undefined) return undefined;
    const plantNativeId = plantOf(push) ?? '';
    const reports = push.persons.flatMap(({ id, is_known: isKnown }) =>
      isKnown === true && id !== undefined
        ? [{ plantNativeId, moduleNativeId: id, values: { present } }]
        : [],
    );
    return {
      reports,
      happenings: [toHappening(push, at, happening)],
      // Somebody came or left, and only the text says who.
      ...(push.persons.length === 0 && { lookAgain: 'state' }),
    };
  };
}
