/**
 * Schemas for what a cloud says: a field that cannot be read counts as absent, and an item of a list that cannot be
 * read is left out, so that one odd value never hides the others. Pure.
 */
import * as z from 'zod';

/** Absent instead of refused. */
export const lenient = <T extends z.ZodType>(schema: T) => schema.optional().catch(undefined);

/** A list whose unreadable items are left out; `null` is the empty list. */
export const itemsOf = <T extends z.ZodType>(item: T) =>
  z
    .array(z.unknown())
    .nullable()
    .transform((items) =>
      (items ?? []).flatMap((candidate): z.output<T>[] => {
        const result = item.safeParse(candidate);
        return result.success ? [result.data] : [];
      }),
    );

/** The same where the list may be missing altogether. */
export const listOf = <T extends z.ZodType>(item: T) => itemsOf(item).prefault(null);

export const text = lenient(z.string().trim().min(1));

/** What no device can mean is no number to us: a table refuses what is larger than 9e15 or smaller than 1e-130. */
const isMeant = (value: number) => value === 0 || (Math.abs(value) >= 1e-9 && Math.abs(value) <= 1e15);

/** A number, or a text that is one. */
export const number = lenient(
  z
    .union([z.number(), z.string().trim().min(1)])
    .transform(Number)
    .pipe(z.number().refine(isMeant)),
);

/** A text of which only the letters count, not their case. */
export const word = lenient(z.string().trim().toLowerCase().min(1));
