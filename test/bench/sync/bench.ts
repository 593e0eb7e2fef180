/**
 * `npm run bench -- sync`: how fast the copy on premises is made, beside a bare bulk write of the same documents to the
 * same database, and how much memory a long one takes. Feed, database and program are processes of their own.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { memoryFlags } from '../../../cli/memory.ts';
import { awsCredentials } from '../../cli/sync/databases.ts';
import { type Child, startChild } from '../child.ts';
import type { Figure } from '../figures.ts';
import { percentile } from '../percentile.ts';
import type { CopierQuestions } from './copier.ts';
import type { DatabaseHostQuestions, DatabaseKind } from './database-host.ts';
import type { FeedHostQuestions } from './feed-host.ts';

export interface Sizes {
  /** For each database and round. */
  readonly events: number;
  readonly rounds: number;
  /** For the memory of one long copy. */
  readonly longEvents: number;
}

const sizes: Sizes = { events: 10_000, rounds: 5, longEvents: 200_000 };
const MEGABYTE = 1024 * 1024;

const at = (name: string) => join(import.meta.dirname, name);

export async function bench(progress: (line: string) => void): Promise<Figure[]> {
  return [
    ...(await rateFigures('couchdb', sizes, progress)),
    ...(await rateFigures('dynamodb', sizes, progress)),
    ...(await memoryFigures(sizes, progress)),
  ];
}

/** In turns, so that a slow moment strikes both alike; what counts is the middle of the rounds. */
export async function rateFigures(
  kind: DatabaseKind,
  { events, rounds }: Sizes,
  progress: (line: string) => void,
): Promise<Figure[]> {
  const feed = await startChild<FeedHostQuestions>(at('feed-host.ts'), { args: [String(events)] });
  const database = await startChild<DatabaseHostQuestions>(at('database-host.ts'), { args: [kind] });
  const copier = await startCopier();
  try {
    const wish = { api: await feed.ask('url'), target: await database.ask('target') };
    const ratios: number[] = [];
    const rates = { copy: [] as number[], write: [] as number[] };
    // The first round warms both up, and is left out.
    for (let round = 0; round <= rounds; round++) {
      progress(`${kind}: round ${round} of ${rounds}, ${events} events each`);
      const took = { copy: 0, write: 0 };
      for (const way of round % 2 === 0 ? (['copy', 'write'] as const) : (['write', 'copy'] as const)) {
        await database.ask('clear');
        took[way] = await copier.ask(way, wish);
        const kept = [await database.ask('count', 'events'), await database.ask('count', 'readings')];
        if (kept[0] !== events || kept[1] !== 2 * events)
          throw new Error(`${way} kept ${kept.join(' and ')}`);
      }
      if (round === 0) continue;
      ratios.push(took.write / took.copy);
      rates.copy.push((3 * events) / (took.copy / 1000));
      rates.write.push((3 * events) / (took.write / 1000));
    }
    return [
      { name: `${kind}, bare bulk write`, value: percentile(rates.write, 50), unit: 'documents/s' },
      { name: `${kind}, the copy`, value: percentile(rates.copy, 50), unit: 'documents/s' },
      {
        name: `${kind}, the copy's rate against the bare write's`,
        value: percentile(ratios, 50),
        unit: '×',
        goal: { atLeast: 0.7 },
      },
    ];
  } finally {
    for (const child of [copier, database, feed]) await child.close();
  }
}

export async function memoryFigures(
  { longEvents }: Sizes,
  progress: (line: string) => void,
): Promise<Figure[]> {
  progress(`memory: ${longEvents} events into files`);
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-bench-'));
  const feed = await startChild<FeedHostQuestions>(at('feed-host.ts'), { args: [String(longEvents)] });
  const copier = await startCopier();
  try {
    const tookMs = await copier.ask('copy', { api: await feed.ask('url'), target: `file:${folder}/copy` });
    const peak = (await copier.ask('peakBytes')) / MEGABYTE;
    return [
      { name: 'files, the copy', value: (3 * longEvents) / (tookMs / 1000), unit: 'documents/s' },
      { name: `most memory over ${longEvents} events`, value: peak, unit: 'MB', goal: { atMost: 200 } },
    ];
  } finally {
    for (const child of [copier, feed]) await child.close();
    rmSync(folder, { recursive: true });
  }
}

function startCopier(): Promise<Child<CopierQuestions>> {
  return startChild<CopierQuestions>(at('copier.ts'), { env: awsCredentials, execArgv: memoryFlags });
}
