import type { CloudState } from './state.ts';

/** The simulator's clock: it runs with the real one, but can be moved; the distance survives a restart. */
export interface Clock {
  /** Epoch milliseconds. */
  now(): number;
  moveTo(epochMs: number): void;
}

export function createClock(state: CloudState, realNow: () => number): Clock {
  return {
    now: () => realNow() + state.clockOffsetMs,
    moveTo(epochMs) {
      state.clockOffsetMs = epochMs - realNow();
    },
  };
}
