/** What discovery noted of a module for its driver. Pure; never throws. */
import * as z from 'zod';
import type { Module } from '../../domain/module.ts';

const text = z.string().optional().catch(undefined);
const Native = z.object({
  /** Netatmo's type; `home` for the plant as a whole, `person` for somebody whom the cameras know. */
  type: text,
  /** Id of the gateway; cameras and Wi-Fi devices have none. */
  bridge: text,
  /** Id of the room that it heats. */
  room: text,
  /** Homes with plain thermostats and valves only take `setroomthermpoint`, all others `setstate` (contract 3.7). */
  setpointBy: z.enum(['setroomthermpoint', 'setstate']).catch('setstate'),
  /** Of a shutter, where it is told: `100` knows open and closed only. */
  step: text,
  /** Of the plant as a whole: the ids of those whom the cameras know. */
  persons: z.array(z.string()).catch([]),
});
export type Native = z.infer<typeof Native>;

export function readNative({ native }: Pick<Module, 'native'>): Native {
  return Native.parse(native);
}
