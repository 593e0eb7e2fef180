import type { Clock } from '../clock.ts';

export interface Courier {
  /** Makes every attempt that is due, all at once, and resolves when each has its outcome. */
  deliverDue(): Promise<void>;
}

/** For a cloud that takes an attempt out of what is waiting before it makes it. */
export function createCourier<W extends { readonly dueEpochMs: number }>(
  state: { waiting: W[] },
  clock: Pick<Clock, 'now'>,
  attempt: (waiting: W) => Promise<void>,
): Courier {
  const underWay = new Set<Promise<void>>();
  return {
    async deliverDue() {
      const due = state.waiting.filter(({ dueEpochMs }) => dueEpochMs <= clock.now());
      state.waiting = state.waiting.filter((one) => !due.includes(one));
      for (const one of due) {
        const running = attempt(one).finally(() => underWay.delete(running));
        underWay.add(running);
      }
      await Promise.all(underWay);
    },
  };
}
