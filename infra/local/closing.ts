/** Closes one thing; those that run something let it finish for `graceMs` at most. */
export type Closer = (graceMs: number) => Promise<void>;

export interface Closing {
  add(closer: Closer): void;
  /** Closes what was added, last first; what is closed once is not closed again. */
  close: Closer;
}

/** Keeps what was opened on the way, so that a start that fails half-way leaves nothing behind either. */
export function createClosing(): Closing {
  const closers: Closer[] = [];
  return {
    add: (closer) => void closers.push(closer),
    async close(graceMs) {
      for (let closer = closers.pop(); closer; closer = closers.pop()) await closer(graceMs);
    },
  };
}
