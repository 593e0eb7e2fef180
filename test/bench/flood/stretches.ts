/** A table whose front fails for stretches of time, one after the other, with better times between. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Inside } from '../../end-to-end/inside.ts';
import type { Random } from '../random.ts';

/** What a stretch does to calls: mostly the intake's puts, sometimes everything that anybody asks of the table. */
const kinds = [
  { function: 'receive-webhook', effect: 'fail' },
  { function: 'receive-webhook', effect: 'throttle' },
  { function: 'receive-webhook', effect: 'hang' },
  { function: 'receive-webhook', effect: 'cut' },
  { function: 'receive-webhook', effect: 'cut', when: 'after' },
  { function: 'receive-webhook', effect: 'hang', when: 'after' },
  { function: 'project-changes', effect: 'fail' },
  { function: 'project-changes', effect: 'throttle' },
  { function: 'project-changes', effect: 'cut', when: 'after' },
] as const;

/** Longer than any stretch lasts. */
const CALLS = 1_000_000;
const [SHORTEST_MS, LONGEST_MS] = [200, 900];
const [SHORTEST_CALM_MS, LONGEST_CALM_MS] = [300, 2_500];

/** Goes on until it is told to stop; how many stretches there were. */
export async function haunt(inside: Inside, random: Random, signal: AbortSignal): Promise<number> {
  let stretches = 0;
  while (!signal.aborted) {
    await inside.fault({ service: 'dynamodb', times: CALLS, ...kinds[stretches % kinds.length] } as never);
    stretches += 1;
    await sleep(SHORTEST_MS + random.below(LONGEST_MS - SHORTEST_MS));
    await inside.clearFaults();
    await sleep(SHORTEST_CALM_MS + random.below(LONGEST_CALM_MS - SHORTEST_CALM_MS));
  }
  return stretches;
}
