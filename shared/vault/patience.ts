import { setTimeout } from 'node:timers/promises';
import { LatchkeyError } from '../domain/error.ts';

/** Resolves after so many milliseconds. */
export type Sleep = (ms: number) => Promise<void>;

export const sleep: Sleep = async (ms) => {
  await setTimeout(ms);
};

const TRIES = 4;
const PAUSE_MS = 200;

/**
 * Repeats what a store could not do just now, with growing pauses; a repeat must do no harm.
 * @throws {LatchkeyError} – the last try's, or as soon as `isOver`
 */
export async function patiently<T>(
  call: () => Promise<T>,
  pause: Sleep,
  isOver: () => boolean = () => false,
): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await call();
    } catch (error) {
      if (!(error instanceof LatchkeyError) || tries === TRIES || isOver()) throw error;
      await pause(PAUSE_MS * tries);
    }
  }
}
