/** One clock for all processes of a scene: real time and a difference, which is kept in a file that all of them read. */
import { readFileSync, writeFileSync } from 'node:fs';

export interface SceneClock {
  readonly file: string;
  /** Epoch ms. */
  now(): number;
  advance(ms: number): void;
}

const realNow = Date.now;

/** In milliseconds; read anew each time, because a process that was stopped has to find the time that passed. */
export function openClock(file: string): SceneClock {
  const difference = () => Number(readFileSync(file, 'utf8'));
  return {
    file,
    now: () => realNow() + difference(),
    advance: (ms) => writeFileSync(file, String(difference() + ms)),
  };
}

export function createClock(file: string): SceneClock {
  writeFileSync(file, '0');
  return openClock(file);
}
