/** Values as programs send them in JSON and people in forms, where everything is text. */
import * as z from 'zod';

export const flag = z.preprocess(
  (value) => (typeof value === 'string' ? value === 'true' : value),
  z.boolean(),
);
export const seconds = z.coerce.number().min(0);
export const count = z.coerce.number().int().min(1).max(100);
