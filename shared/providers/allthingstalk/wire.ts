/** AllThingsTalk's answers, as far as they are read (contract 3, 4). Pure. */
import * as z from 'zod';
import { toUtc, type UtcTime } from '../../domain/time.ts';
import { itemsOf, lenient, number, text, word } from '../lenient.ts';

/** Never hexadecimal; some old ones have 23 characters (contract 1). */
export const WireId = z.string().regex(/^[A-Za-z0-9]{22,25}$/);

/** What a value is; `type` as any of the vendor's programs spells it. Missing altogether it is a text (contract 3.3). */
const Profile = z.object({ type: word, unit: text, minimum: number, maximum: number });

const Asset = z.object({
  id: WireId,
  name: z.string().min(1),
  title: text,
  /** `sensor`, `actuator`, `virtual` or `config`. */
  is: word,
  profile: lenient(Profile),
  style: word,
});
export type Asset = z.infer<typeof Asset>;

const Ground = z.object({ id: WireId, name: text, title: text });
export type Ground = z.infer<typeof Ground>;

/**
 * A time, made UTC: offsets are converted, and without a zone it is UTC already (contract 3.4). Absent where it cannot be
 * read.
 */
const wireTime = lenient(
  z.string().transform((told, context): UtcTime => {
    const epochMs = Date.parse(/(?:z|[+-]\d{2}:?\d{2})$/i.test(told) ? told : `${told}Z`);
    // What is further off than this is no time that could be kept.
    if (Math.abs(epochMs) <= LATEST_EPOCH_MS) return toUtc(epochMs);
    context.addIssue({ code: 'custom', message: 'is not a time' });
    return z.NEVER;
  }),
);
const LATEST_EPOCH_MS = Date.parse('9999-12-31T23:59:59.999Z');

const noAssets = () => [];
const Device = z.object({
  id: WireId,
  name: text,
  title: text,
  gatewayId: lenient(WireId),
  ground: lenient(Ground),
  lastActiveAt: wireTime,
  assets: itemsOf(Asset).prefault(null).catch(noAssets),
});
export type Device = z.infer<typeof Device>;
export const DeviceBody = Device;

/** A list as it comes: bare, or in an envelope (contract 7). No list at all is no empty one. */
const enveloped = <T extends z.ZodType>(item: T) => {
  const items = z.array(z.unknown()).transform((list) => itemsOf(item).parse(list));
  return z.union([
    items,
    z.object({ items }).transform((envelope) => envelope.items),
    z.object({ data: items }).transform((envelope) => envelope.data),
  ]);
};
export const GroundsBody = enveloped(Ground);
export const DevicesBody = enveloped(Device);
export const AssetsBody = enveloped(Asset);
export const GatewayBody = z.object({ title: text, name: text });

/** What an asset said, and when; without a time and a value it never said anything (contract 8.17). */
const State = z.object({ value: z.unknown(), at: wireTime });
export type State = z.infer<typeof State>;

/** By the asset's name, those that cannot be read left out (contract 4.2); all of them where the answer is `null`. */
export const StatesBody = z
  .record(z.string(), z.unknown())
  .nullable()
  .transform((states) => {
    const read = Object.entries(states ?? {}).flatMap(([name, candidate]): [string, State][] => {
      const state = State.safeParse(candidate).data;
      return state ? [[name, state]] : [];
    });
    return new Map(read);
  });

/** A point of the past: its value is in `data` (contract 4.5). */
const Point = z.object({ at: wireTime, data: z.unknown() });
export type Point = z.infer<typeof Point>;

/** The whole may be `null`, or lack its list: then there is nothing (contract 4.5). */
export const PointsBody = z
  .union([z.object({ data: z.array(z.unknown()).nullish() }), z.array(z.unknown())])
  .nullable()
  .transform((body) => (Array.isArray(body) ? body : (body?.data ?? [])))
  .transform((candidates) => {
    const points = candidates.flatMap((candidate): Point[] => {
      const point = Point.safeParse(candidate).data;
      return point?.at === undefined ? [] : [point];
    });
    return { points, isWhole: points.length === candidates.length };
  });
/** A bucket: its mean is all that is proven to be in it; an empty one is `null` (contract 4.5). */
export const Bucket = z.object({ avg: number });
