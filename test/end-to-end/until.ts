import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Far longer than anything here takes, seconds: where a busy machine misses Legrand's deadline twice, the webhook comes
 * again after 10 and after 30.
 */
export const PATIENCE_SECONDS = 60;
const PAUSE_MS = 40;

/** Looks again and again until what it sees is right; what it saw then. */
export async function until<T>(look: () => Promise<T>, isRight: (seen: T) => boolean): Promise<T> {
  const deadline = Date.now() + PATIENCE_SECONDS * 1000;
  for (;;) {
    const seen = await look();
    if (isRight(seen)) return seen;
    if (Date.now() > deadline) throw new Error(`not within ${PATIENCE_SECONDS} s: ${JSON.stringify(seen)}`);
    await sleep(PAUSE_MS);
  }
}

/** @throws {Error} when there is none */
export function present<T>(value: T | undefined | null, what: string): T {
  if (value === undefined || value === null) throw new Error(`there is no ${what}`);
  return value;
}
