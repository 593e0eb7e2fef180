/**
 * What a push looks like on the wire (contract 4.3): nothing in it is certain to be there, or to be of the type it
 * should be. What is not as it should be is absent. Pure: no I/O, no clock; never throws.
 */
import * as z from 'zod';

/** As much of a text as can be shown; longer than any address or message of Netatmo's. */
const MAX_TEXT_LENGTH = 2_000;
/** Of a list, as many as can have a meaning. */
const MAX_ENTRIES = 50;

/** Ids of rooms and sub types come as texts and as numbers. */
const text = z
  .union([z.string().min(1), z.number()])
  .transform((value) => String(value).slice(0, MAX_TEXT_LENGTH))
  .optional()
  .catch(undefined);
const amount = z.number().optional().catch(undefined);
const list = <T extends z.ZodType>(entry: T) =>
  z
    .array(z.unknown())
    .catch([])
    .transform((entries) =>
      entries.slice(0, MAX_ENTRIES).flatMap((each) => {
        const read = entry.safeParse(each);
        return read.success ? [read.data] : [];
      }),
    );

export const PushedRoom = z.object({
  id: text,
  therm_setpoint_mode: text,
  therm_setpoint_temperature: amount,
  /** Epoch seconds; 0: it does not end. */
  therm_setpoint_end_time: amount,
});
export type PushedRoom = z.infer<typeof PushedRoom>;

const PushedPerson = z.object({
  id: text,
  is_known: z.boolean().optional().catch(undefined),
  face_url: text,
});

const PushedHome = z
  .object({ id: text, therm_mode: text, rooms: list(PushedRoom) })
  .optional()
  .catch(undefined);

export const Push = z.object({
  push_type: text,
  event_type: text,
  home_id: text,
  device_id: text,
  camera_id: text,
  module_id: text,
  room_id: text,
  mode: text,
  temperature: amount,
  sub_type: text,
  schedule_id: text,
  persons: list(PushedPerson),
  snapshot_url: text,
  vignette_url: text,
  /** In the owner's language, with HTML in it. */
  message: text,
  event_id: text,
  subevent_id: text,
  session_id: text,
  home: PushedHome,
});
export type Push = z.infer<typeof Push>;

export function plantOf({ home_id: homeId, home }: Push): string | undefined {
  return homeId ?? home?.id;
}
