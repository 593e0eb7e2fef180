/** What it takes to find the accounts that are due, in a small table and in a large one that holds the small one. */
import { randomBytes, randomUUID } from 'node:crypto';
import { toUtc } from '../../../shared/domain/time.ts';
import type { TokenPointer } from '../../../shared/domain/token-pointer.ts';
import { aPointer, NOW_MS } from '../../shared/store/samples.ts';
import { type Child, startChild } from '../child.ts';
import type { FinderQuestions } from './finder.ts';
import { loadPointers } from './loader.ts';
import { awsEnvironment, startAwsHost } from './rig.ts';

export interface DueWish {
  readonly small: number;
  readonly large: number;
  /** Accounts that are due in either. */
  readonly due: number;
  /** How many a run has time for. */
  readonly limit: number;
  /** Times to find them before the heap is measured: until code is compiled and connections are open, it grows. */
  readonly warmUps: number;
}

export type DueMeasured = Awaited<ReturnType<typeof measureDue>>;

export async function measureDue(wish: DueWish, progress: (line: string) => void) {
  const { small, large, due, limit, warmUps } = wish;
  const table = await startAwsHost('dynamodb');
  const finder = await startChild<FinderQuestions>(`${import.meta.dirname}/finder.ts`, {
    env: await awsEnvironment(table),
    execArgv: ['--expose-gc'],
  });
  const place = { url: await table.ask('url'), tableName: await table.ask('tableName') };
  const accounts = pointersDueInTurn(large);
  try {
    progress(`loading ${small} accounts`);
    await loadPointers(place, take(accounts, small));
    for (let times = 0; times < warmUps; times++) await findIn(finder, small);
    const inSmall = await findIn(finder, small);
    progress(`loading ${large - small} more`);
    await loadPointers(place, accounts);
    progress('finding what is due');
    return { inSmall, inLarge: await findIn(finder, large) };
  } finally {
    await finder.close();
    await table.close();
  }

  async function findIn(finder: Child<FinderQuestions>, all: number) {
    return {
      /** When `due` accounts are due. */
      few: await finder.ask('find', { now: dueAtMs(due - 1), limit }),
      /** When everything is due. */
      backlog: await finder.ask('find', { now: dueAtMs(all - 1), limit }),
    };
  }
}

/** The moment at which the account with this number becomes due: one a second, so that `now` says how many are. */
function dueAtMs(index: number): number {
  return NOW_MS + index * 1000;
}

function* pointersDueInTurn(count: number): Generator<TokenPointer, void, undefined> {
  for (let index = 0; index < count; index++)
    yield aPointer({
      versionId: randomUUID(),
      refreshHash: randomBytes(32).toString('base64url'),
      dueAt: toUtc(dueAtMs(index)),
    });
}

/** The first ones, without ending what they come from. */
function* take<T>(from: Iterator<T>, count: number): Generator<T, void, undefined> {
  for (let taken = 0; taken < count; taken++) {
    const { done, value } = from.next();
    if (done) return;
    yield value;
  }
}
