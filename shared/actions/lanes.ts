export interface LanesWish {
  /** Milliseconds until the function that we run in is stopped. */
  readonly remainingMs: () => number;
  /** No item is begun with less than this left, milliseconds. */
  readonly itemNeedsMs: number;
  readonly onFailure: (item: { accountId: string }, error: unknown) => void;
}

/** Accounts worked on at a time by a scheduled run. */
const LANES = 8;

/**
 * Works through accounts, several at a time, while the time lasts; one that fails does not keep the others from their
 * turn.
 * @returns how many were not begun
 */
export async function workInLanes<T extends { accountId: string }>(
  items: readonly T[],
  { remainingMs, itemNeedsMs, onFailure }: LanesWish,
  work: (item: T) => Promise<void>,
): Promise<number> {
  const waiting = [...items];
  const lane = async () => {
    while (remainingMs() > itemNeedsMs) {
      const item = waiting.shift();
      if (!item) return;
      await work(item).catch((error: unknown) => onFailure(item, error));
    }
  };
  await Promise.all(Array.from({ length: LANES }, lane));
  return waiting.length;
}
