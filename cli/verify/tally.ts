import {
  type ComparedCollection,
  comparedCollections,
  type Difference,
  type DifferenceKind,
  differenceKinds,
} from './difference.ts';

/** How many differences there are, and which are the first of them. */
export interface Tally {
  add(differences: readonly Difference[]): void;
  total(): number;
  count(collection: ComparedCollection, kind: DifferenceKind): number;
  /** The first ids, twenty at most. */
  first(collection: ComparedCollection, kind: DifferenceKind): readonly string[];
}

const FIRST = 20;

export function createTally(): Tally {
  const counts = new Map<string, { count: number; first: string[] }>();
  for (const collection of comparedCollections)
    for (const kind of differenceKinds) counts.set(`${collection} ${kind}`, { count: 0, first: [] });
  const of = (collection: ComparedCollection, kind: DifferenceKind) =>
    counts.get(`${collection} ${kind}`) ?? { count: 0, first: [] };
  return {
    add(differences) {
      for (const { collection, kind, id } of differences) {
        const its = of(collection, kind);
        its.count++;
        if (its.first.length < FIRST) its.first.push(id);
      }
    },
    total: () => [...counts.values()].reduce((sum, { count }) => sum + count, 0),
    count: (collection, kind) => of(collection, kind).count,
    first: (collection, kind) => of(collection, kind).first,
  };
}
