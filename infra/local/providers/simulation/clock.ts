/** The simulator's clock: it runs with the real one, but can be moved; the distance survives a restart. */
export interface Clock {
  /** Epoch milliseconds. */
  now(): number;
  moveTo(epochMs: number): void;
}

/** The part of a cloud's state that the clock keeps. */
export interface ClockState {
  /** How far the simulator's clock is ahead of the real one. */
  clockOffsetMs: number;
}

export function createClock(state: ClockState, realNow: () => number): Clock {
  return {
    now: () => realNow() + state.clockOffsetMs,
    moveTo(epochMs) {
      state.clockOffsetMs = epochMs - realNow();
    },
  };
}
