/**
 * `npm run bench -- soak`: a copy on premises that is followed for a hundred rounds while its source, its target and the
 * program itself are killed at random, into files and into a DynamoDB-compatible store; `latchkey verify` has the last word.
 */
import { randomInt } from 'node:crypto';
import type { Figure } from '../figures.ts';
import { type SoakOutcome, soak } from './soak.ts';

const ROUNDS = 100;

export async function bench(progress: (line: string) => void): Promise<Figure[]> {
  const seed = randomInt(2 ** 31);
  const figures: Figure[] = [];
  for (const into of ['dynamodb', 'files'] as const) {
    progress(`${into}: seed ${seed}`);
    figures.push(...figuresOf(into, await soak({ rounds: ROUNDS, seed, into }, progress), progress));
  }
  return figures;
}

function figuresOf(into: string, outcome: SoakOutcome, progress: (line: string) => void): Figure[] {
  const { kills, happened, events, untold, endings, verdict } = outcome;
  for (const line of [...endings, ...(verdict.exitCode === 0 ? [] : [verdict.said])]) progress(line);
  const counted = (name: string, value: number): Figure => ({
    name: `${into}: ${name}`,
    value,
    unit: 'times',
  });
  const never = (name: string, value: number): Figure => ({ ...counted(name, value), goal: { atMost: 0 } });
  return [
    counted('the source was killed', kills.source),
    counted('the target was killed', kills.target),
    counted('the program was killed', kills.program),
    counted('things that happened', happened),
    counted('events in the feed', events),
    never('events missing, surplus or twice in the copy', untold),
    never('the program gave up', endings.length),
    never('verify found a difference', verdict.exitCode === 0 ? 0 : 1),
  ];
}
