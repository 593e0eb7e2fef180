import { expect, test } from 'vitest';
import type { GrantHealth } from '../../../shared/domain/grant-health.ts';
import { toUtc } from '../../../shared/domain/time.ts';
import type { TokenPointer } from '../../../shared/domain/token-pointer.ts';
import type { Lease, NextSet } from '../../../shared/store/token-pointers.ts';
import { aPointer, NOW, NOW_MS } from './samples.ts';
import { times, useStore } from './use-store.ts';

const { store } = useStore();
const pointers = () => store().pointers;
const commit = (pointer: TokenPointer, next: NextSet) =>
  pointers().commit(pointer, next, { outcome: 'rotated', endedAtMs: NOW_MS + 10_000 });
const relink = (pointer: TokenPointer, next: NextSet) => pointers().relink(pointer, next, 'stack-1');
const inSeconds = (seconds: number) => toUtc(NOW_MS + seconds * 1000);
const leaseOf = (owner: string, plannedVersionId?: string, now = NOW_MS): Lease => ({
  owner,
  now,
  until: toUtc(now + 40_000),
  clockAllowanceMs: 2_000,
  ...(plannedVersionId && { plannedVersionId }),
});
const child: NextSet = {
  versionId: 'version-2',
  refreshHash: 'hash-2',
  accessExpiresAt: inSeconds(7200),
  refreshExpiresAt: inSeconds(86_400),
  rotatedAt: inSeconds(10),
  dueAt: inSeconds(5000),
};
const delayed: GrantHealth = { state: 'delayed', cause: 'provider_throttled', since: NOW, strikes: 1 };

async function stored(changes: Partial<TokenPointer> = {}): Promise<TokenPointer> {
  const pointer = aPointer(changes);
  expect(await pointers().create(pointer)).toBe('written');
  return pointer;
}

async function acquired(pointer: TokenPointer, lease: Lease): Promise<TokenPointer> {
  const held = await pointers().acquire(pointer, lease);
  if (held === 'refused') throw new Error('the lease was refused');
  return held;
}

test('creates a pointer for an account that has none', async () => {
  const pointer = await stored();
  expect(await pointers().create({ ...pointer, refreshHash: 'other' })).toBe('refused');
  expect(await pointers().get(pointer.accountId)).toEqual(pointer);
});

test('gives the lease to one of twenty, with the intent in the same write', async () => {
  const pointer = await stored();
  const outcomes = await Promise.all(
    times(20, (i) => pointers().acquire(pointer, leaseOf(`worker-${i}`, `planned-${i}`))),
  );
  const [held, ...others] = outcomes.filter((outcome) => outcome !== 'refused');
  expect(others).toEqual([]);
  expect(await pointers().get(pointer.accountId)).toEqual(held);
  expect(held).toMatchObject({ attempt: 1, leaseUntil: inSeconds(40) });
  expect(held?.intent).toEqual({
    fromRefreshHash: 'hash-1',
    plannedVersionId: held?.leaseOwner?.replace('worker', 'planned'),
    earlierVersionIds: [],
    startedAt: NOW,
  });
});

test.each([
  [39, 'refused'],
  [41, 'refused'],
  [43, 'granted'],
] as const)(
  'judges a lease of 40 s after %d s, clocks 2 s apart allowed for: %s',
  async (seconds, expected) => {
    const pointer = await stored();
    const held = await acquired(pointer, leaseOf('first', 'planned-1'));
    const next = await pointers().acquire(held, leaseOf('second', 'planned-2', NOW_MS + seconds * 1000));
    expect(next === 'refused' ? 'refused' : 'granted').toBe(expected);
  },
);

test('refuses the lease on a pointer that has moved since it was read', async () => {
  const pointer = await stored();
  const held = await acquired(pointer, leaseOf('first', 'planned-1'));
  await commit(held, child);
  expect(await pointers().acquire(pointer, leaseOf('second', 'planned-2'))).toBe('refused');
});

test('refuses the lease on a pointer that was held and let go since it was read', async () => {
  const pointer = await stored();
  const held = await acquired(pointer, leaseOf('first', 'planned-1'));
  await pointers().release(held, { health: held.health, dueAt: NOW, outcome: 'nothing_spent' });
  expect(await pointers().acquire(pointer, leaseOf('second', 'planned-1'))).toBe('refused');
});

test('remembers every planned version of attempts whose outcome is not known', async () => {
  let pointer = await stored();
  for (const attempt of [1, 2, 3])
    pointer = await acquired(pointer, leaseOf('worker', `planned-${attempt}`, NOW_MS + attempt * 60_000));
  expect(pointer.intent).toMatchObject({
    plannedVersionId: 'planned-3',
    earlierVersionIds: ['planned-2', 'planned-1'],
  });
});

test('leaves an intent alone when the lease is for a link', async () => {
  const held = await acquired(await stored(), leaseOf('first', 'planned-1'));
  const linking = await acquired(held, leaseOf('link', undefined, NOW_MS + 60_000));
  expect(linking.intent).toEqual(held.intent);
});

test('commits the child in place of its parent and settles everything about the attempt', async () => {
  const pointer = await stored({ retryAt: NOW, health: delayed });
  const held = await acquired(pointer, leaseOf('worker', 'planned-1'));
  await pointers().markRefused(held);
  const committed = await commit(held, child);
  const { retryAt: _, ...unchanged } = pointer;
  expect(committed).toEqual({
    ...unchanged,
    ...child,
    generation: 2,
    attempt: 1,
    health: { state: 'good', since: child.rotatedAt, strikes: 0 },
    lastAttempt: {
      attempt: 1,
      at: NOW,
      fromRefreshHash: 'hash-1',
      toRefreshHash: 'hash-2',
      outcome: 'rotated',
      durationMs: 10_000,
    },
  });
  expect(await pointers().get(pointer.accountId)).toEqual(committed);
});

test('takes the answer of a holder whose lease is over, as long as nobody has a newer one', async () => {
  const first = await acquired(await stored(), leaseOf('first', 'planned-1'));
  const second = await acquired(first, leaseOf('second', 'planned-2', NOW_MS + 60_000));
  expect(await commit(first, child)).toMatchObject({ generation: 2, refreshHash: 'hash-2' });
  expect(await commit(second, { ...child, refreshHash: 'hash-3' })).toBe('refused');
});

test('commits once for a server that gives the same refresh token again', async () => {
  const held = await acquired(await stored(), leaseOf('worker', 'planned-1'));
  const same = { ...child, refreshHash: 'hash-1' };
  const outcomes = await Promise.all(times(5, () => commit(held, same)));
  expect(outcomes.filter((outcome) => outcome !== 'refused')).toHaveLength(1);
});

test('puts a new consent in place whatever was there, and refuses the late commit of what it replaced', async () => {
  const held = await acquired(await stored({ health: delayed }), leaseOf('worker', 'planned-1'));
  const consented = { ...child, refreshHash: 'consented' };
  const linked = await relink(held, consented);
  expect(linked).toMatchObject({ generation: 2, usedGeneration: 2, linkEpoch: 2, refreshHash: 'consented' });
  expect(linked).not.toHaveProperty('intent');
  expect(linked).not.toHaveProperty('leaseUntil');
  expect(await commit(held, child)).toBe('refused');
  expect(await pointers().get(held.accountId)).toEqual(linked);
});

test('releases an attempt that spent nothing as if it had not been', async () => {
  const pointer = await stored();
  const held = await acquired(pointer, leaseOf('worker', 'planned-1'));
  const retryAt = inSeconds(60);
  await pointers().release(held, { health: delayed, dueAt: retryAt, retryAt, outcome: 'nothing_spent' });
  expect(await pointers().get(pointer.accountId)).toEqual({
    ...pointer,
    attempt: 1,
    health: delayed,
    dueAt: retryAt,
    retryAt,
  });
});

test('gives the intent that a takeover found back when the takeover spent nothing', async () => {
  const first = await acquired(await stored(), leaseOf('first', 'planned-1'));
  const second = await acquired(first, leaseOf('second', 'planned-2', NOW_MS + 60_000));
  const third = await acquired(second, leaseOf('third', 'planned-3', NOW_MS + 120_000));
  await pointers().release(third, { health: delayed, dueAt: NOW, outcome: 'nothing_spent' });
  const released = await pointers().get(third.accountId);
  expect(released?.intent).toMatchObject({
    plannedVersionId: 'planned-2',
    earlierVersionIds: ['planned-1'],
  });
  expect(released).not.toHaveProperty('leaseUntil');
});

test('keeps lease and intent of an attempt whose outcome is unknown', async () => {
  const held = await acquired(await stored(), leaseOf('worker', 'planned-1'));
  await pointers().release(held, { health: delayed, dueAt: inSeconds(42), outcome: 'unknown' });
  expect(await pointers().get(held.accountId)).toEqual({ ...held, health: delayed, dueAt: inSeconds(42) });
});

test('does not let a holder release what is no longer its own', async () => {
  const first = await acquired(await stored(), leaseOf('first', 'planned-1'));
  const second = await acquired(first, leaseOf('second', 'planned-2', NOW_MS + 60_000));
  await pointers().release(first, { health: delayed, dueAt: NOW, outcome: 'nothing_spent' });
  expect(await pointers().get(first.accountId)).toEqual(second);
});

test('notes that a token set is used, and when it is due for that', async () => {
  const pointer = await stored({ generation: 2 });
  await pointers().markUsed(pointer, inSeconds(2400));
  const used = { usedGeneration: 2, dueAt: inSeconds(2400) };
  expect(await pointers().get(pointer.accountId)).toMatchObject(used);
});

test.each([
  ['has to wait', { retryAt: inSeconds(600), dueAt: inSeconds(600) }],
  ['is under way', { leaseOwner: 'worker', leaseUntil: inSeconds(40), dueAt: inSeconds(42) }],
])('leaves the time alone of an attempt that %s', async (_, changes) => {
  const pointer = await stored({ generation: 2, ...changes });
  await pointers().markUsed(pointer, NOW);
  expect(await pointers().get(pointer.accountId)).toEqual(pointer);
});

test('notes a refused generation until there is another', async () => {
  const pointer = await stored();
  await pointers().markRefused(pointer);
  expect(await pointers().get(pointer.accountId)).toEqual({ ...pointer, refusedGeneration: 1 });
  await relink(pointer, child);
  expect(await pointers().get(pointer.accountId)).not.toHaveProperty('refusedGeneration');
  await pointers().markRefused(pointer);
  expect(await pointers().get(pointer.accountId)).not.toHaveProperty('refusedGeneration');
});

test('ends an account: no lease, no commit, only a new link', async () => {
  const held = await acquired(await stored(), leaseOf('worker', 'planned-1'));
  await pointers().end(held.accountId, NOW);
  const ended = await pointers().get(held.accountId);
  if (!ended) throw new Error('the pointer is gone');
  const muchLater = leaseOf('worker', 'planned-2', NOW_MS + 365 * 86_400_000);
  expect(await pointers().acquire(ended, muchLater)).toBe('refused');
  expect(await commit(held, child)).toBe('refused');
  expect(await relink(ended, child)).toMatchObject({ linkEpoch: 3 });
});

test('writes nothing where no pointer is', async () => {
  const gone = aPointer({ leaseOwner: 'worker', leaseUntil: NOW });
  expect(await pointers().acquire(gone, leaseOf('worker', 'planned-1'))).toBe('refused');
  expect(await commit(gone, child)).toBe('refused');
  expect(await relink(gone, child)).toBe('refused');
  await pointers().release(gone, { health: delayed, dueAt: NOW, outcome: 'nothing_spent' });
  await pointers().markUsed(gone, NOW);
  await pointers().markRefused(gone);
  await pointers()
    .end(gone.accountId, NOW)
    .catch(() => undefined);
  expect(await pointers().get(gone.accountId)).toBeUndefined();
});

test('finds what is due in every part of the index, longest overdue first', async () => {
  const early = toUtc(0);
  const made = await Promise.all(times(16, (i) => stored({ dueAt: toUtc(i * 1000) })));
  await stored({ dueAt: inSeconds(-1) });
  const later = await stored({ dueAt: inSeconds(1) });
  const due = await Array.fromAsync(pointers().due('legrand', NOW_MS));
  expect(due.map(({ dueAt }) => dueAt)).toEqual(due.map(({ dueAt }) => dueAt).toSorted());
  expect(due[0]?.dueAt).toBe(early);
  const ids = due.map(({ accountId }) => accountId);
  expect(ids).toEqual(expect.arrayContaining(made.map(({ accountId }) => accountId)));
  expect(ids).not.toContain(later.accountId);
});
