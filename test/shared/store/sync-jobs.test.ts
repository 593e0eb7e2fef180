import { expect, test } from 'vitest';
import type { SyncJob, SyncTask } from '../../../shared/domain/sync-job.ts';
import { toUtc } from '../../../shared/domain/time.ts';
import { anAccountId, NOW, NOW_MS } from './samples.ts';
import { times, useStore } from './use-store.ts';

const { store } = useStore();
const jobs = () => store().syncJobs;
const inMinutes = (minutes: number) => toUtc(NOW_MS + minutes * 60_000);
const well = { failures: 0, problem: null };

/** A job whose tasks are next due after these minutes. */
async function aJob(minutes: Record<SyncTask, number>): Promise<SyncJob> {
  const accountId = anAccountId();
  await jobs().start(accountId, NOW_MS);
  const started = await current(accountId);
  const { topology, state, subscriptions } = minutes;
  const next = {
    topology: inMinutes(topology),
    state: inMinutes(state),
    subscriptions: inMinutes(subscriptions),
  };
  await jobs().finish(started, next, well);
  return await current(accountId);
}

async function current(accountId: string): Promise<SyncJob> {
  const job = await jobs().get(accountId);
  if (!job) throw new Error('the job is gone');
  return job;
}

async function claimed(job: SyncJob, tasks: SyncTask[], minutes: number): Promise<SyncJob> {
  const claim = await jobs().claim(job, tasks, inMinutes(minutes));
  if (claim === 'refused') throw new Error('the claim was refused');
  return claim;
}

test('starts with everything due', async () => {
  const accountId = anAccountId();
  await jobs().start(accountId, NOW_MS);
  expect(await current(accountId)).toEqual({
    accountId,
    next: { topology: NOW, state: NOW, subscriptions: NOW },
    dueAt: NOW,
    ...well,
  });
});

test('makes everything due again when it is started again, and keeps when the last delivery came', async () => {
  const { accountId } = await aJob({ topology: 60, state: 10, subscriptions: 90 });
  await jobs().noteDelivery(accountId, inMinutes(1));
  await jobs().start(accountId, NOW_MS + 120_000);
  expect(await current(accountId)).toMatchObject({
    next: { topology: inMinutes(2), state: inMinutes(2), subscriptions: inMinutes(2) },
    dueAt: inMinutes(2),
    lastDeliveryAt: inMinutes(1),
  });
});

test('is due when its earliest task is', async () => {
  const { accountId } = await aJob({ topology: 60, state: 10, subscriptions: 90 });
  const isDue = async (minutes: number) =>
    (await Array.fromAsync(jobs().due(NOW_MS + minutes * 60_000))).some((job) => job.accountId === accountId);
  expect(await isDue(9)).toBe(false);
  expect(await isDue(10)).toBe(true);
});

test('gives what is overdue longest first', async () => {
  const overdue = [-500, -900, -700, -600, -800];
  const made = await Promise.all(
    overdue.map((minutes) => aJob({ topology: minutes, state: 0, subscriptions: 0 })),
  );
  const found = await Array.fromAsync(jobs().due(NOW_MS));
  expect(found.slice(0, 3).map(({ dueAt }) => dueAt)).toEqual([-900, -800, -700].map(inMinutes));
  for (const { accountId } of made) await jobs().start(accountId, NOW_MS);
});

test('lets one of many runs claim it', async () => {
  const job = await aJob({ topology: 60, state: 0, subscriptions: 90 });
  const claims = await Promise.all(times(10, () => jobs().claim(job, ['state'], inMinutes(2))));
  expect(claims.filter((claim) => claim !== 'refused')).toHaveLength(1);
});

test('is due again after a claim whose run crashed', async () => {
  const job = await aJob({ topology: 60, state: 0, subscriptions: 90 });
  expect(await claimed(job, ['state'], 2)).toMatchObject({ dueAt: inMinutes(2) });
});

test('ends a run with the next times of its tasks', async () => {
  const job = await aJob({ topology: 60, state: 0, subscriptions: 90 });
  const claim = await claimed(job, ['state'], 2);
  const failed = { failures: 1, problem: 'no answer' };
  await jobs().finish(claim, { ...claim.next, state: inMinutes(15) }, failed);
  expect(await current(job.accountId)).toMatchObject({
    next: { topology: inMinutes(60), state: inMinutes(15), subscriptions: inMinutes(90) },
    dueAt: inMinutes(15),
    ...failed,
  });
});

test('hastens a task that is due later, and never delays one', async () => {
  const { accountId } = await aJob({ topology: 60, state: 10, subscriptions: 90 });
  await jobs().hasten(accountId, 'topology', inMinutes(5));
  expect(await current(accountId)).toMatchObject({
    next: { topology: inMinutes(5), state: inMinutes(10) },
    dueAt: inMinutes(5),
  });
  await jobs().hasten(accountId, 'topology', inMinutes(50));
  expect(await current(accountId)).toMatchObject({ next: { topology: inMinutes(5) }, dueAt: inMinutes(5) });
});

test('keeps a task that was hastened while its run was under way', async () => {
  const job = await aJob({ topology: 0, state: 0, subscriptions: 90 });
  const claim = await claimed(job, ['topology', 'state'], 2);
  await jobs().hasten(job.accountId, 'topology', inMinutes(1));
  const next = { ...claim.next, topology: inMinutes(600), state: inMinutes(15) };
  await jobs().finish(claim, next, well);
  expect(await current(job.accountId)).toMatchObject({
    next: { topology: inMinutes(1), state: inMinutes(15) },
    dueAt: inMinutes(1),
  });
});

test('keeps a task that was hastened between reading the job and claiming it', async () => {
  const job = await aJob({ topology: 60, state: 0, subscriptions: 90 });
  await jobs().hasten(job.accountId, 'topology', inMinutes(1));
  expect(await jobs().claim(job, ['state'], inMinutes(2))).toBe('refused');
  const again = await current(job.accountId);
  expect(await claimed(again, ['state'], 2)).toMatchObject({
    next: { topology: inMinutes(1), state: inMinutes(2) },
    dueAt: inMinutes(1),
  });
});

test('loses no hastening to a run that ends at the same moment', async () => {
  for (const _ of times(10, (i) => i)) {
    const job = await aJob({ topology: 60, state: 0, subscriptions: 90 });
    const claim = await claimed(job, ['state'], 2);
    await Promise.all([
      jobs().finish(claim, { ...claim.next, state: inMinutes(15) }, well),
      jobs().hasten(job.accountId, 'topology', inMinutes(1)),
    ]);
    expect(await current(job.accountId)).toMatchObject({ next: { topology: inMinutes(1) } });
  }
});

test('does not bring a job back that was deleted with its account', async () => {
  const job = await aJob({ topology: 60, state: 0, subscriptions: 90 });
  const claim = await claimed(job, ['state'], 2);
  await store().accounts.forget(job.accountId);
  await jobs().finish(claim, claim.next, well);
  await jobs().hasten(job.accountId, 'state', NOW);
  await jobs().noteDelivery(job.accountId, NOW);
  expect(await jobs().get(job.accountId)).toBeUndefined();
});
