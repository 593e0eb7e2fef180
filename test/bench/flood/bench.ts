/**
 * `npm run bench -- flood`: webhooks in thousands, with duplicates, twins and disorder, to a whole Latchkey over HTTP
 * whose table fails for stretches; once as it is, and once with a stream consumer that is killed at random and poison in
 * its batches. All that was answered with 200 has to be kept, once, and told.
 */
import { randomInt } from 'node:crypto';
import type { Figure } from '../figures.ts';
import { percentile } from '../percentile.ts';
import { type FloodOutcome, flood } from './flood.ts';

const size = { requests: 20_000, duplicates: 0.2, modules: 12 };
/** A batch has up to a hundred records, and a delivery makes two: about two of it cannot be digested. */
const POISON_EVERY = 25;

export async function bench(progress: (line: string) => void): Promise<Figure[]> {
  const seed = randomInt(2 ** 31);
  const run = async (name: string, wish: { poisonEvery: number; isSabotaged: boolean }) => {
    progress(`${name}: seed ${seed}`);
    return figuresOf(name, await flood({ ...size, ...wish, seed }, (line) => progress(`${name}: ${line}`)));
  };
  return [
    ...(await run('faults', { poisonEvery: 0, isSabotaged: false })),
    ...(await run('kills and poison', { poisonEvery: POISON_EVERY, isSabotaged: true })),
  ];
}

function figuresOf(run: string, outcome: FloodOutcome): Figure[] {
  const counted = (name: string, value: number): Figure => ({
    name: `${run}: ${name}`,
    value,
    unit: 'times',
  });
  const never = (name: string, value: number): Figure => ({ ...counted(name, value), goal: { atMost: 0 } });
  const least = (name: string, value: number, atLeast: number): Figure => ({
    ...counted(name, value),
    goal: { atLeast },
  });
  return [
    least('requests answered', outcome.requests, size.requests),
    counted('distinct deliveries acknowledged', outcome.acknowledged),
    counted('stretches of failure', outcome.stretches),
    least('put off, and sent again until taken', outcome.putOff, 1),
    counted('answered 200 after 750 ms, and sent again', outcome.late),
    counted('invocations of the consumer that failed', outcome.failures),
    never('answered with anything but 200 and 503', outcome.wrong),
    never('acknowledged and not kept', outcome.lost),
    never('kept without having been sent', outcome.surplus),
    never('kept and not told, or not in the history', outcome.untold),
    never('told under two ids', outcome.toldTwice),
    never('told again under the same id', outcome.copies),
    never('modules without their newest reading', outcome.stale),
    never('batches given up', outcome.gaveUp),
    { name: `${run}: answers, p50`, value: percentile(outcome.tookMs, 50), unit: 'ms' },
    { name: `${run}: answers, p99`, value: percentile(outcome.tookMs, 99), unit: 'ms' },
    { name: `${run}: until the last event`, value: outcome.tookSeconds, unit: 's' },
  ];
}
