/** Which kept token set is the youngest of a lineage. The parents tell it, not the clocks of those who kept them. Pure. */
import type { KeptSet } from './token-sets.ts';

/** Keyed hash of a kept set's refresh token. */
export type HashOf = (kept: KeptSet) => string;

/** How long a link may take to put its consent in place after it was kept, milliseconds: no function runs longer. */
const LINK_MS = 40_000;

/** The last of those that descend from the token set with this hash; `undefined` when none does. */
export function youngestDescendant<K extends KeptSet>(
  kept: readonly K[],
  refreshHash: string,
  hashOf: HashOf,
): K | undefined {
  const children = Map.groupBy(kept, ({ set }) => set.parentHash);
  let youngest: K | undefined;
  const seen = new Set<string>();
  for (let hash = refreshHash; !seen.has(hash); ) {
    seen.add(hash);
    // A server that gave the same parent two children lives by the later one.
    const child = (children.get(hash) ?? [])
      .filter((each) => hashOf(each) !== hash)
      .toSorted(byAge)
      .at(-1);
    if (!child) break;
    youngest = child;
    hash = hashOf(child);
  }
  return youngest;
}

/**
 * What may still be alive when the pointer's own token set is refused: the youngest descendant; or else the youngest
 * set that was got after it in another way: by a consent that nobody put in place, or by an answer that came too late.
 */
export function lastHope<K extends KeptSet>(
  kept: readonly K[],
  refused: { readonly refreshHash: string; readonly obtainedAt: string },
  hashOf: HashOf,
  now: number,
): K | undefined {
  const descendant = youngestDescendant(kept, refused.refreshHash, hashOf);
  if (descendant) return descendant;
  const spent = new Set(kept.map(({ set }) => set.parentHash));
  return kept
    .filter((each) => each.set.obtainedAt > refused.obtainedAt && !spent.has(hashOf(each)))
    .filter(({ set }) => set.parentHash !== null || now - Date.parse(set.obtainedAt) > LINK_MS)
    .toSorted(byAge)
    .at(-1);
}

function byAge(a: KeptSet, b: KeptSet): number {
  return a.set.obtainedAt.localeCompare(b.set.obtainedAt);
}
