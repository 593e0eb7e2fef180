/**
 * What a push looks like on the wire (contract 4.3): nothing in it is certain to be there, or to be of the type it
 * should be. What is not as it should be is absent. Pure: no I/O, no clock; never throws.
 */
import * as z from 'zod';
import { lenient, text } from '../lenient.ts';
import { flag, someOf, Told, id as wireId } from './wire.ts';

/** Longer than any message or signed address of Netatmo's; what is shown goes into an event of the feed. */
const MAX_SHOWN_LENGTH = 2_000;

const id = lenient(wireId);
const shown = lenient(z.string().trim().min(1).max(MAX_SHOWN_LENGTH));

export const Push = z.object({
  push_type: text,
  event_type: text,
  home_id: id,
  device_id: id,
  camera_id: id,
  module_id: id,
  room_id: id,
  mode: text,
  temperature: z.unknown().optional(),
  /** A number of alarms and cameras, a word of floodlights. */
  sub_type: id,
  schedule_id: id,
  persons: someOf(z.object({ id, is_known: flag, face_url: shown })),
  snapshot_url: shown,
  vignette_url: shown,
  /** In the owner's language, with HTML in it. */
  message: shown,
  /** Rooms as `homestatus` tells them. */
  home: lenient(z.object({ id, therm_mode: text, rooms: someOf(Told) })),
});
export type Push = z.infer<typeof Push>;

export function plantOf({ home_id: homeId, home }: Push): string | undefined {
  return homeId ?? home?.id;
}

/** The device that sends it, or that it is about. */
export function deviceOf({ device_id: deviceId, camera_id: cameraId }: Push): string | undefined {
  return deviceId ?? cameraId;
}
