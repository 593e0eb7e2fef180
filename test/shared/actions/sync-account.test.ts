import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { syncAccount } from '../../../shared/actions/sync-account.ts';
import type { SyncDependencies } from '../../../shared/actions/sync-dependencies.ts';
import { LatchkeyError } from '../../../shared/domain/error.ts';
import { toUtc } from '../../../shared/domain/time.ts';
import type { TokenPointer } from '../../../shared/domain/token-pointer.ts';
import type {
  DiscoveredPlant,
  HeldSubscription,
  Provider,
  Session,
} from '../../../shared/providers/provider.ts';
import type { Vault } from '../../../shared/vault/vault.ts';
import { anAccount, aPointer } from '../store/samples.ts';
import { openStoreBench, providerOf, type StoreBench } from './store-bench.ts';

const NOW_MS = Date.parse('2026-01-05T08:00:00Z');
const inSeconds = (seconds: number) => toUtc(NOW_MS + seconds * 1000);

let bench: StoreBench;
let account: ReturnType<typeof anAccount>;
/** What the cloud has and does: a fake of the provider's port. */
let cloud: {
  plants: DiscoveredPlant[] | LatchkeyError;
  subscriptions: HeldSubscription[];
  polls: number;
  nextStateAt?: Provider['nextStateAt'];
};

beforeAll(async () => {
  bench = await openStoreBench(() => NOW_MS);
});
afterAll(() => bench.close());
beforeEach(async () => {
  account = anAccount();
  cloud = { plants: [aPlant('house')], subscriptions: [], polls: 0 };
  await bench.store.accounts.create(account);
  await bench.store.syncJobs.start(account.accountId, NOW_MS);
});

function aPlant(nativeId: string): DiscoveredPlant {
  return { nativeId, name: nativeId, timeZone: 'Europe/Paris', ambients: [], modules: [] };
}

function sync(caller: { isSchedule?: true } = {}) {
  const provider: Provider = {
    ...providerOf(),
    plants: async () => {
      if (cloud.plants instanceof LatchkeyError) throw cloud.plants;
      return cloud.plants;
    },
    async *state() {
      cloud.polls++;
      yield* [];
    },
    ...(cloud.nextStateAt && { nextStateAt: cloud.nextStateAt }),
    webhook: {
      breadth: 'plant',
      list: async () => [...cloud.subscriptions],
      async subscribe(_, { nativeId }, url) {
        const made = { subscriptionId: `of ${nativeId}`, plantNativeId: nativeId, url };
        cloud.subscriptions.push(made);
        return made;
      },
      async unsubscribe(_, { subscriptionId }) {
        cloud.subscriptions = cloud.subscriptions.filter((held) => held.subscriptionId !== subscriptionId);
      },
    },
  };
  const deps: SyncDependencies = {
    store: bench.store,
    vault: {} as Vault,
    sessionOf: ({ accountId }) => ({ accountId }) as Session,
    providerOf: () => provider,
    hookKey: { key: Buffer.alloc(32), epoch: 1 },
    publicUrl: 'http://127.0.0.1:9',
    stackId: 'stack-1',
    now: () => NOW_MS,
    log: { info: () => {}, warn: () => {}, error: () => {} },
  };
  return syncAccount({ ...deps, ...caller }, account.accountId);
}

const nextTimes = async () => (await bench.store.syncJobs.get(account.accountId))?.next;
const makeDue = async (...tasks: ('topology' | 'state' | 'subscriptions')[]) => {
  const job = await bench.store.syncJobs.get(account.accountId);
  if (!job) throw new Error('the job is gone');
  await bench.store.syncJobs.claim(job, tasks, inSeconds(0));
};

test('reads a new home, polls it and subscribes to it', async () => {
  expect(await sync()).toBe('ran');
  expect(cloud.polls).toBe(1);
  expect(cloud.subscriptions.map(({ plantNativeId }) => plantNativeId)).toEqual(['house']);
  expect(await nextTimes()).toEqual({
    topology: inSeconds(86_400),
    state: inSeconds(3_600),
    subscriptions: inSeconds(86_400),
  });
  expect(await sync()).toBe('nothing_due');
});

test('lets the rest wait for a home that could not be read yet', async () => {
  cloud.plants = new LatchkeyError('provider_unavailable', 'no answer');
  expect(await sync()).toBe('ran');
  expect(cloud.polls).toBe(0);
  const soon = inSeconds(30);
  expect(await nextTimes()).toEqual({ topology: soon, state: soon, subscriptions: soon });
});

test('polls a known home although its topology cannot be read', async () => {
  await sync();
  cloud.plants = new LatchkeyError('provider_unavailable', 'no answer');
  await makeDue('topology', 'state');
  await sync();
  expect(cloud.polls).toBe(2);
  expect(await nextTimes()).toMatchObject({ topology: inSeconds(30), state: inSeconds(3_600) });
});

test('subscribes at once to a plant that was found later', async () => {
  await sync();
  cloud.plants = [aPlant('house'), aPlant('cabin')];
  await makeDue('topology');
  await sync();
  expect(cloud.subscriptions.map(({ plantNativeId }) => plantNativeId)).toEqual(['house', 'cabin']);
  expect((await bench.store.accounts.get(account.accountId))?.subscriptions).toHaveLength(2);
});

test('gives a subscription up with its plant, but not with the whole home', async () => {
  cloud.plants = [aPlant('house'), aPlant('cabin')];
  await sync();
  cloud.plants = [aPlant('house')];
  await makeDue('topology');
  await sync();
  expect(cloud.subscriptions.map(({ plantNativeId }) => plantNativeId)).toEqual(['house']);
  cloud.plants = [];
  await makeDue('topology');
  await sync();
  expect(await bench.store.plants.ofAccount(account.accountId)).toEqual([]);
  expect(cloud.subscriptions).toHaveLength(1);
});

test('polls again when the provider finds it worthwhile, sooner or later than usual', async () => {
  let inSome = 90;
  cloud.nextStateAt = (_, now) => toUtc(now + inSome * 1000);
  await sync();
  expect(await nextTimes()).toMatchObject({ state: inSeconds(90) });
  inSome = 5_000;
  await makeDue('state');
  await sync();
  expect(await nextTimes()).toMatchObject({ state: inSeconds(5_000) });
});

test('tells the provider what was asked, and how many accounts are linked, counted now and then', async () => {
  const seen: number[] = [];
  cloud.nextStateAt = ({ plants, accounts }, now) => {
    expect(plants.map(({ plant }) => plant.nativeId)).toEqual(['house']);
    seen.push(accounts);
    return toUtc(now);
  };
  const dead = { state: 'dead', since: inSeconds(0), strikes: 1 } as const;
  const link = (changes: Partial<TokenPointer>) => bench.store.pointers.create(aPointer(changes));
  await link({});
  await link({ dueAt: inSeconds(1_000_000) });
  await link({ health: dead });
  await link({ endedAt: inSeconds(0) });
  await link({ provider: 'netatmo' });
  await bench.store.quotas.note({ application: 'legrand' }, () => ({ linked: undefined }));
  // A link may not look through everybody's accounts: it counts itself.
  await sync();
  await sync({ isSchedule: true });
  await link({});
  await sync({ isSchedule: true });
  const old = { accounts: 2, countedAt: inSeconds(-600) };
  await bench.store.quotas.note({ application: 'legrand' }, () => ({ linked: old }));
  await sync();
  await sync({ isSchedule: true });
  expect(seen).toEqual([1, 2, 2, 2, 3]);
});
