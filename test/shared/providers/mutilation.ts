/** Bodies of clouds' answers, damaged in one place: something missing, `null`, of another type, or far too large. */
import fc from 'fast-check';

/** Keys and indexes from the top of a body to a place in it. */
export type Path = readonly (string | number)[];

export interface Damage {
  readonly path: Path;
  /** Absent: what was there is taken out. */
  readonly put?: unknown;
}

const strange: readonly unknown[] = [
  null,
  true,
  '',
  ' ',
  'no such word',
  -1,
  0.5,
  1e308,
  -1e308,
  5e-324,
  253_402_300_800,
  '99999999999999999999',
  [],
  [[]],
  [null, 'x'],
  {},
  { id: null },
  { constructor: 1, toString: 2 },
];

/** Somewhere in the body, anything but the whole of it. */
export function damageOf(body: unknown): fc.Arbitrary<Damage> {
  const paths = pathsIn(body).filter((path) => path.length > 0);
  const place = fc.constantFrom(...paths);
  return fc.oneof(
    place.map((path) => ({ path })),
    fc.record({ path: place, put: fc.oneof(fc.constantFrom(...strange), fc.anything({ maxDepth: 2 })) }),
  );
}

/** A copy of the body with that damage. */
export function damaged<T>(body: T, { path, ...damage }: Damage): T {
  const copy = structuredClone(body);
  const last = path.at(-1);
  const holder = path.slice(0, -1).reduce<unknown>((value, key) => Reflect.get(Object(value), key), copy);
  if (last === undefined || typeof holder !== 'object' || holder === null) return copy;
  if ('put' in damage) Reflect.set(holder, last, damage.put);
  else if (Array.isArray(holder)) holder.splice(Number(last), 1);
  else Reflect.deleteProperty(holder, last);
  return copy;
}

function pathsIn(value: unknown, at: Path = []): Path[] {
  if (typeof value !== 'object' || value === null) return [at];
  const keys = Array.isArray(value) ? [...value.keys()] : Object.keys(value);
  return [at, ...keys.flatMap((key) => pathsIn(Reflect.get(value, key), [...at, key]))];
}

/** Every object in the body that bears one of these ids, by where it is. */
export function placesOf(body: unknown, ids: readonly string[]): Path[] {
  return pathsIn(body).filter((path) => {
    const value = path.reduce<unknown>((inner, key) => Reflect.get(Object(inner), key), body);
    return ids.some((id) =>
      [Reflect.get(Object(value), 'id'), Reflect.get(Object(value), '_id')].includes(id),
    );
  });
}

/** Whether one place is in the other, or is it. */
export function isWithin(path: Path, place: Path): boolean {
  return place.every((key, index) => path[index] === key);
}
