/**
 * `npm run bench -- sync`: how fast the copy on premises is made, beside a bare bulk write of the same documents to the
 * same database, how much memory a long one takes, what it costs to read the feed, and how much of the source it takes to
 * prove a copy equal. Feed, database and program are processes of their own.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { memoryFlags } from '../../../cli/memory.ts';
import { keys, logShard } from '../../../shared/store/keys.ts';
import { awsCredentials } from '../../cli/sync/databases.ts';
import { type Child, startChild } from '../child.ts';
import type { Figure } from '../figures.ts';
import { type LocalLatchkey, openLatchkey } from '../local-latchkey.ts';
import { percentile } from '../percentile.ts';
import type { CopierQuestions } from './copier.ts';
import type { DatabaseHostQuestions, DatabaseKind } from './database-host.ts';
import { eventAt } from './feed-event.ts';
import type { FeedHostQuestions } from './feed-host.ts';
import type { FeedTableQuestions } from './feed-table.ts';

export interface Sizes {
  /** For each database and round. */
  readonly events: number;
  readonly rounds: number;
  /** For the memory of one long copy. */
  readonly longEvents: number;
  /** Of a feed that is read at its beginning, and so far from there. */
  readonly farPage: number;
  /** Of a copy that is compared with its source; each tells two readings. */
  readonly comparedEvents: number;
}

const sizes: Sizes = {
  events: 10_000,
  rounds: 5,
  longEvents: 200_000,
  farPage: 10_000,
  comparedEvents: 100_000,
};
const MEGABYTE = 1024 * 1024;

const at = (name: string) => join(import.meta.dirname, name);

export async function bench(progress: (line: string) => void): Promise<Figure[]> {
  return [
    ...(await rateFigures('couchdb', sizes, progress)),
    ...(await rateFigures('dynamodb', sizes, progress)),
    ...(await memoryFigures(sizes, progress)),
    ...(await feedFigures(sizes, progress)),
    ...(await verifyFigures(sizes, progress)),
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
        took[way] =
          way === 'copy' ? (await copier.ask('copy', wish)).tookMs : await copier.ask('write', wish);
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
    const { tookMs } = await copier.ask('copy', {
      api: await feed.ask('url'),
      target: `file:${folder}/copy`,
    });
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

/** Events wanted at once: what a client asks for unless it says otherwise, and the most there is. */
const LIMITS = [100, 1_000] as const;
/** A read unit pays for so much, read consistently. */
const UNIT_BYTES = 4_096;

/** Of pages with a single event each, as they are written while little happens. */
export async function feedFigures(
  { farPage }: Pick<Sizes, 'farPage'>,
  progress: (line: string) => void,
): Promise<Figure[]> {
  const most = Math.max(...LIMITS);
  progress(`feed: ${farPage + most} pages`);
  const table = await startChild<FeedTableQuestions>(at('feed-table.ts'));
  try {
    await table.ask('write', { pages: farPage + most, eventsPerPage: 1 });
    const figures: Figure[] = [];
    for (const limit of LIMITS) {
      const [near, far] = [
        await table.ask('read', { page: 1, limit }),
        await table.ask('read', { page: farPage, limit }),
      ];
      if (near.events !== limit || far.events !== limit)
        throw new Error('the feed is shorter than it should be');
      const price = ({ readUnits, bytes }: typeof near) => readUnits / (bytes / UNIT_BYTES);
      figures.push(
        {
          name: `feed, ${limit} events from page 1: read units for 4 KB of the answer`,
          value: price(near),
          unit: 'units',
          goal: { atMost: 1.5 },
        },
        {
          name: `feed, ${limit} events from page ${farPage}, against those from page 1`,
          value: price(far) / price(near),
          unit: '×',
          goal: { atMost: 1.01 },
        },
      );
    }
    return figures;
  } finally {
    await table.close();
  }
}

/** Events that are written at a time, each a page of its own as a rule. */
const COMPARED_PAGE = 4;

/** Of a whole Latchkey with a long feed, and its copy in files. */
export async function verifyFigures(
  { comparedEvents }: Pick<Sizes, 'comparedEvents'>,
  progress: (line: string) => void,
): Promise<Figure[]> {
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-bench-'));
  const latchkey = await openLatchkey();
  const copier = await startCopier();
  try {
    progress(`verify: ${comparedEvents} events`);
    await tellAtLength(latchkey, comparedEvents);
    const wish = { api: latchkey.api, token: latchkey.token, target: `file:${folder}/copy` };
    const copied = await copier.ask('copy', wish);
    // The first one makes the digests of the feed; they are kept, and the second one finds them.
    const [first, again] = [await copier.ask('verify', wish), await copier.ask('verify', wish)];
    const share = ({ bytesRead }: typeof first) => (100 * bytesRead) / copied.bytesRead;
    return [
      { name: `the copy of ${2 * comparedEvents} readings, read`, value: copied.bytesRead / 1e6, unit: 'MB' },
      { name: 'verify of equal sides, read', value: first.bytesRead / 1e3, unit: 'kB' },
      {
        name: 'verify of equal sides, bytes read against those of the copy',
        value: Math.max(share(first), share(again)),
        unit: '%',
        goal: { atMost: 1 },
      },
      { name: 'the first verify, against the copy', value: first.tookMs / copied.tookMs, unit: '×' },
      { name: 'the second verify, against the copy', value: again.tookMs / copied.tookMs, unit: '×' },
    ];
  } finally {
    await copier.close();
    await latchkey.close();
    rmSync(folder, { recursive: true });
  }
}

/** Pages at the end of the feed, as the projection would have left them. */
async function tellAtLength({ kept, home, client }: LocalLatchkey, events: number): Promise<void> {
  const { accountId } = home;
  const modules = await client.modules(accountId);
  const plantId = String(modules[0]?.plantId);
  const about = { accountId, plantId, moduleIds: modules.map(({ id }) => id) };
  const shard = logShard(accountId);
  const begun = (await kept.partition(keys.feedPage(shard, 1).pk)).filter(
    ({ events }) => events !== undefined,
  );
  const pages = Array.from({ length: Math.ceil(events / COMPARED_PAGE) }, (_, page) => ({
    ...keys.feedPage(shard, begun.length + 1 + page),
    events: Array.from({ length: Math.min(COMPARED_PAGE, events - page * COMPARED_PAGE) }, (_, index) =>
      eventAt(page * COMPARED_PAGE + index, about),
    ),
  }));
  await kept.put(pages);
}

function startCopier(): Promise<Child<CopierQuestions>> {
  return startChild<CopierQuestions>(at('copier.ts'), { env: awsCredentials, execArgv: memoryFlags });
}
