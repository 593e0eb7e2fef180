/**
 * What Netatmo says, as schemas. Tolerant on purpose: a field that cannot be read counts as absent, an item of a list
 * that cannot be read is left out, and whatever a device tells beside what is named here is kept for `device-fields.ts`
 * to read.
 */
import * as z from 'zod';
import { TimeZone, toUtc } from '../../domain/time.ts';
import { itemsOf, lenient, listOf, number, text, word } from '../lenient.ts';

/** A list of what can be read, where what should be the list may be anything. */
export const someOf = <T extends z.ZodType>(item: T) => listOf(item).catch([]);

/** The id of a station may have blanks around it; a room's is a number in the documentation (contract 3.2). */
export const id = z
  .union([z.string(), z.int()])
  .transform((value) => String(value).trim())
  .pipe(z.string().min(1));

export const flag = lenient(z.union([z.boolean(), z.stringbool({ truthy: ['true'], falsy: ['false'] })]));

/** The last second of the year 9999: a time beyond it has no form that anybody reads. */
const LAST_SECOND = 253_402_300_799;

/** Epoch seconds, as UTC. */
export const instant = number.transform((seconds) =>
  seconds === undefined || seconds <= 0 || seconds > LAST_SECOND ? undefined : toUtc(seconds * 1000),
);

/** Values by their keys on the wire, of whatever shape. */
export const Told = z.record(z.string(), z.unknown());
export type Told = Readonly<Record<string, unknown>>;

export const Schedule = z.object({ id, type: word, name: text, selected: flag });
export type Schedule = z.infer<typeof Schedule>;
export const Schedules = someOf(Schedule);

const WireRoom = z.object({ id, name: text });

const WireModule = z.object({
  id,
  type: text,
  name: text,
  room_id: lenient(id),
  bridge: lenient(id),
  appliance_type: word,
});
export type WireModule = z.infer<typeof WireModule>;

/** A home in `homesdata`; what it tells of its own state is among what is not named (contract 3.5). */
const WireHome = z.looseObject({
  id,
  name: text,
  timezone: lenient(TimeZone),
  rooms: someOf(WireRoom),
  modules: someOf(WireModule),
  schedules: Schedules,
  persons: someOf(z.object({ id, pseudo: text })),
});
export type WireHome = z.infer<typeof WireHome>;

/** Without its list this is no answer: taking it for «no homes» would forget what the owner has. */
export const HomesAnswer = z.object({ homes: itemsOf(WireHome) });

const ToldModule = z.looseObject({ id, bridge: lenient(id), reachable: flag });
export type ToldModule = z.infer<typeof ToldModule>;

/** A home in `homestatus` (contract 3.6); there is none where nothing of it has a status. */
export const StatusAnswer = z.object({
  home: lenient(
    z.object({ rooms: someOf(ToldModule), modules: someOf(ToldModule), persons: someOf(ToldModule) }),
  ),
});
export type HomeStatus = NonNullable<z.infer<typeof StatusAnswer>['home']>;

const StationModule = z.looseObject({
  _id: id,
  type: text,
  module_name: text,
  reachable: flag,
  data_type: someOf(z.string()),
  dashboard_data: lenient(Told),
});
export type StationModule = z.infer<typeof StationModule>;

const Station = StationModule.extend({
  station_name: text,
  home_id: lenient(id),
  home_name: text,
  read_only: flag,
  favorite: flag,
  place: lenient(z.object({ timezone: lenient(TimeZone) })),
  modules: someOf(StationModule),
});
export type Station = z.infer<typeof Station>;

/** `getstationsdata` and `gethomecoachsdata` (contract 3.3, 3.10). */
export const StationsAnswer = z.object({ devices: itemsOf(Station) });

/** When Netatmo answered, by its clock; the envelope does not always tell (contract 2.2). */
export const AnsweredAt = z
  .object({ time_server: instant })
  .transform(({ time_server }) => time_server)
  .catch(undefined);
