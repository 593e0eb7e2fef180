/** One flood of webhooks over a Latchkey of its own, from the first request to the last event, and what came of it. */
import { rmSync } from 'node:fs';
import { keys } from '../../../shared/store/keys.ts';
import { openLatchkey } from '../local-latchkey.ts';
import { createRandom } from '../random.ts';
import { type Audit, auditFlood, awaitProjection } from './audit.ts';
import { type FloodSize, planFlood } from './plan.ts';
import { sabotagedFunctions } from './sabotage.ts';
import { sendFlood, type Tally } from './sender.ts';
import { haunt } from './stretches.ts';

export interface FloodWish extends FloodSize {
  /** Thermostats that speak, each in a lane of its own. */
  readonly modules: number;
  readonly seed: number;
  /** Whether the stream's consumer is killed at random and poison makes it throw. */
  readonly isSabotaged: boolean;
}

export interface FloodOutcome extends Tally, Audit {
  readonly stretches: number;
  /** Invocations of the stream's consumer that were killed, or that the table failed. */
  readonly failures: number;
  /** Batches that the stream gave up. */
  readonly gaveUp: number;
  readonly tookSeconds: number;
}

export async function flood(wish: FloodWish, progress: (line: string) => void): Promise<FloodOutcome> {
  const { modules, seed, isSabotaged } = wish;
  const functionsFolder = isSabotaged ? sabotagedFunctions() : undefined;
  const plants = [{ name: 'House', modules: Array.from({ length: modules }, (_, at) => `Room ${at}`) }];
  const latchkey = await openLatchkey({ plants, ...(functionsFolder !== undefined && { functionsFolder }) });
  const lanes = planFlood(wish, modules, createRandom(seed));
  const deliveries = Math.max(...lanes.map(({ steps }) => steps.flat().length));
  // All in the past, as a time that is yet to come counts as the time of its arrival.
  const startMs = Math.floor(Date.now() / 1_000 - deliveries) * 1_000;
  try {
    // What linking read is newer than all that is to come.
    const { accountId } = latchkey.home;
    for (const { moduleId } of latchkey.home.modules) {
      await latchkey.kept.edit(keys.module(accountId, moduleId), { readings: {} });
    }
    const begunAtMs = performance.now();
    const stop = new AbortController();
    const haunting = haunt(latchkey.inside, createRandom(seed + 1), stop.signal);
    const tally = await sendFlood(latchkey, lanes, startMs, (taken) => {
      if (taken % 1_000 === 0) progress(`${taken} of ${wish.requests} taken`);
    });
    stop.abort();
    const stretches = await haunting;
    await awaitProjection(latchkey, progress);
    const tookSeconds = (performance.now() - begunAtMs) / 1_000;
    progress('looking what became of them');
    return {
      ...tally,
      ...(await auditFlood(latchkey, lanes, startMs)),
      stretches,
      failures: await latchkey.errorsOf('project-changes'),
      gaveUp: (await latchkey.inside.streamFailures()).length,
      tookSeconds,
    };
  } finally {
    await latchkey.close();
    if (functionsFolder !== undefined) rmSync(functionsFolder, { recursive: true });
  }
}
