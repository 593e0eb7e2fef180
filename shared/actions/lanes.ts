import { setTimeout as pause } from 'node:timers/promises';

/** How long after the one before it a lane sets out, milliseconds. */
const STAGGER_MS = 2;

export interface LanesWish {
  /** Items worked on at a time. */
  readonly lanes: number;
  /** Milliseconds until the function that we run in is stopped. */
  readonly remainingMs: () => number;
  /** No item is begun with less than this left, milliseconds. */
  readonly itemNeedsMs: number;
  readonly onFailure: (item: { accountId: string }, error: unknown) => void;
}

/**
 * Works through accounts, several at a time, while the time lasts; one that fails does not keep the others from their
 * turn. Items are taken as they are needed: what is not begun is not read.
 */
export async function workInLanes<T extends { accountId: string }>(
  items: AsyncIterable<T>,
  { lanes, remainingMs, itemNeedsMs, onFailure }: LanesWish,
  work: (item: T) => Promise<void>,
): Promise<void> {
  const waiting = items[Symbol.asyncIterator]();
  const lane = async (_: unknown, place: number) => {
    // One after the other: lanes that set out together would go on meeting at every call.
    await pause(place * STAGGER_MS);
    while (remainingMs() > itemNeedsMs) {
      const { done, value } = await waiting.next();
      if (done) return;
      await work(value).catch((error: unknown) => onFailure(value, error));
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
}
