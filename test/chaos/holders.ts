/** Rows about those who hold a lease too long, or at the same time. */
import { ChildDied } from './children.ts';
import type { Ending } from './ending.ts';
import { duringExchange, judgedMishap, mishap } from './mishap.ts';
import { type Row, unforgiving } from './row.ts';
import type { Stage } from './stage.ts';

/** @param exchange – how many calls come before the exchange */
export function holderRows(exchange: number): Row[] {
  const beforeSending = exchange;
  const inMemory = exchange + 1;
  return [
    mishap('two workers at the same moment', raceForLease),
    mishap('another worker while the exchange is under way', comeBetween),
    mishap('holder paused past its lease before sending, then killed', pause(beforeSending, 'killed')),
    mishap('holder paused past its lease before sending, wakes late', pause(beforeSending, 'woken')),
    mishap('holder paused with the answer in memory, then killed', pause(inMemory, 'killed'), unforgiving),
    // Whoever took over had to try the old token, and there that ends the whole family.
    mishap('holder paused with the answer in memory, wakes late', pause(inMemory, 'woken'), ['reuse']),
    judgedMishap('a second deployment on the same accounts', rotateElsewhere),
  ];
}

/** Both are let through to the lease together, and whoever has it is not let go before the other is done. */
async function raceForLease(stage: Stage): Promise<void> {
  const both = Promise.withResolvers<void>();
  let waiting = 0;
  for (const caller of ['first', 'other'] as const)
    stage.interrupt(caller, async ({ action, subject }, phase) => {
      if (action !== 'UpdateItem' || subject !== 'TOKEN' || phase !== 'before') return;
      waiting += 1;
      if (waiting === 2) both.resolve();
      await both.promise;
    });
  await Promise.all([stage.rotateFirst(), stage.other({ kind: 'rotate' })]);
  stage.interrupt('other', () => {});
}

async function comeBetween(stage: Stage): Promise<void> {
  await duringExchange(stage, () => stage.other({ kind: 'rotate' }));
}

function pause(answers: number, end: 'killed' | 'woken') {
  return async (stage: Stage): Promise<void> => {
    const child = await stage.newChild();
    const running = stage.rotateFirst({ child, fate: { answers, signal: 'SIGSTOP' } });
    await Promise.race([child.stopping, running]);
    await stage.takeOver();
    if (end === 'woken') {
      child.wake();
      return await running;
    }
    await child.kill();
    await running.catch((error) => {
      if (!(error instanceof ChildDied)) throw error;
    });
  };
}

async function rotateElsewhere(stage: Stage): Promise<Ending> {
  await stage.rotateFirst({ stackId: 'stack-2' });
  const { exchanges } = stage.tokenServer.counts;
  const ending = await stage.end();
  if (exchanges === 0) return ending;
  return { ...ending, problems: [...ending.problems, 'the other deployment spent a token'] };
}
