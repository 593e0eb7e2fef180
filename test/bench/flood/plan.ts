/** What is sent, in what order and how often, from a seed. Pure. */
import type { Random } from '../random.ts';

export interface FloodSize {
  /** Requests to be sent, duplicates included; resending what was put off comes on top. */
  readonly requests: number;
  /** How many of them are there twice, 0 to 1. */
  readonly duplicates: number;
  /** One delivery in so many cannot be digested; 0: none. */
  readonly poisonEvery: number;
}

export interface PlannedDelivery {
  /** The provider's id of the event. */
  readonly eventId: string;
  /** Which module speaks, by its place in the home. */
  readonly module: number;
  /** What tells this delivery from all others of its module; absent where it cannot be digested. */
  readonly temperatureC?: number;
  /** Seconds after the module's first delivery at which it was measured; every one a second later than the one before. */
  readonly atSeconds: number;
  /** Bytes that the body is made longer by. */
  readonly paddingBytes: number;
}

export interface Lane {
  readonly module: number;
  /** The deliveries of a step are sent at once. */
  readonly steps: readonly (readonly PlannedDelivery[])[];
}

const KILOBYTE = 1024;
/** Largest body that is taken, less what the notification itself needs. */
const MAX_PADDING_BYTES = 254 * KILOBYTE;
/** A third of the modules are told of out of order, within so many deliveries. */
const DISORDER = 8;
const AT_ONCE = 4;
/** A duplicate that is no twin comes up to so many steps later. */
const LATER_STEPS = 40;

export function planFlood(size: FloodSize, modules: number, random: Random): Lane[] {
  const distinct = Math.round(size.requests * (1 - size.duplicates));
  const lanes = Array.from({ length: modules }, (_, module) => {
    const count = Math.floor(distinct / modules) + (module < distinct % modules ? 1 : 0);
    return Array.from({ length: count }, (_, at) => planDelivery(module, at, size.poisonEvery, random));
  });
  let left = size.requests - distinct;
  return lanes.map((deliveries, module): Lane => {
    const duplicates = module === modules - 1 ? left : Math.round((size.requests - distinct) / modules);
    left -= duplicates;
    const isOrdered = module % 3 !== 2;
    const steps = isOrdered ? deliveries.map((delivery) => [delivery]) : disorder(deliveries, random);
    return { module, steps: duplicate(steps, duplicates, random) };
  });
}

function planDelivery(module: number, at: number, poisonEvery: number, random: Random): PlannedDelivery {
  const isPoison = poisonEvery > 0 && random.below(poisonEvery) === 0;
  return {
    eventId: `flood-${module}-${at}`,
    module,
    ...(!isPoison && { temperatureC: (500 + at) / 100 }),
    atSeconds: at,
    paddingBytes: paddingBytes(random),
  };
}

/** Most are as small as Legrand's; one in a hundred is up to the largest that is taken, and some are just that. */
function paddingBytes(random: Random): number {
  const chance = random.next();
  if (chance < 0.8) return random.below(KILOBYTE);
  if (chance < 0.95) return random.below(20 * KILOBYTE);
  if (chance < 0.99) return random.below(100 * KILOBYTE);
  return chance < 0.998 ? random.below(MAX_PADDING_BYTES) : MAX_PADDING_BYTES;
}

function disorder(deliveries: readonly PlannedDelivery[], random: Random): PlannedDelivery[][] {
  const mixed = chunks(deliveries, DISORDER).flatMap((chunk) => random.shuffled(chunk));
  return chunks(mixed, AT_ONCE);
}

/** Adds so many that are there twice: half of them as twins at the same time, half of them later. */
function duplicate(steps: PlannedDelivery[][], count: number, random: Random): PlannedDelivery[][] {
  const doubled = steps.map((step) => [...step]);
  for (let added = 0; added < count; added += 1) {
    const at = random.below(steps.length);
    const original = random.pick(steps[at] ?? []);
    const later = random.next() < 0.5 ? 0 : random.below(LATER_STEPS);
    doubled[Math.min(at + later, doubled.length - 1)]?.push(original);
  }
  return doubled;
}

function chunks<T>(items: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, at) =>
    items.slice(at * size, (at + 1) * size),
  );
}
