import * as z from 'zod';
import { Json } from '../house/module.ts';

const SentModule = z.object({ id: z.string(), bridge: z.string().optional() }).catchall(Json);
export type SentModule = z.output<typeof SentModule>;

const SentRoom = z.object({ id: z.union([z.string(), z.number()]).transform(String) }).catchall(Json);
export type SentRoom = z.output<typeof SentRoom>;

/** The body of `setstate`. */
export const SentState = z.object({
  id: z.string(),
  modules: z.array(SentModule).optional(),
  rooms: z.array(SentRoom).optional(),
});
