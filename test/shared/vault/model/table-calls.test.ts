/** The table of the model against the real one: whatever stores do to both, both answer and keep the same. */
import { GetItemCommand } from '@aws-sdk/client-dynamodb';
import { expect, test } from 'vitest';
import * as z from 'zod';
import { LatchkeyError } from '../../../../shared/domain/error.ts';
import { toUtc } from '../../../../shared/domain/time.ts';
import type { TokenPointer } from '../../../../shared/domain/token-pointer.ts';
import { expression } from '../../../../shared/store/expression.ts';
import { createTable } from '../../../../shared/store/item.ts';
import { accountPartition } from '../../../../shared/store/keys.ts';
import { createStore, type Store } from '../../../../shared/store/store.ts';
import { anAccountId, aPointer, NOW, NOW_MS } from '../../store/samples.ts';
import { times, useStore } from '../../store/use-store.ts';
import { isConditionMet, updateItem } from './dynamodb-expressions.ts';
import { createMemoryAws } from './memory-aws.ts';
import { callTable } from './table-calls.ts';

const { store: realStore, table: realTable } = useStore();

type Deed = (store: Pick<Store, 'pointers' | 'escrows'>) => Promise<unknown>;

/** Always the same numbers, at least 0 and below `below`. */
function createDice(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    return Math.floor((state / 2 ** 31) * below);
  };
}

/** What stores are made to do, with pointers as they were read at some time, and so often out of date. */
function deedFor(pointer: TokenPointer, roll: (below: number) => number): [name: string, deed: Deed] {
  const { accountId } = pointer;
  const now = NOW_MS + roll(4) * 20_000;
  const at = toUtc(now);
  const mark = roll(1_000_000);
  const next = {
    versionId: `version-${mark}`,
    refreshHash: `hash-${mark % 3}`,
    accessExpiresAt: at,
    refreshExpiresAt: at,
    rotatedAt: at,
    dueAt: at,
  };
  const lease = {
    owner: `owner-${mark}`,
    now,
    until: toUtc(now + 40_000),
    clockAllowanceMs: roll(2) * 2_000,
  };
  const health = { state: 'delayed', cause: 'provider_failing', since: at, strikes: 1 } as const;
  const how = { outcome: 'rotated', endedAtMs: now } as const;
  const sealed = { generation: pointer.generation, text: `sealed ${mark}` };
  const outcome = roll(2) === 0 ? 'unknown' : 'nothing_spent';
  const attempt = roll(12);
  // Little can happen to an account after it.
  const isEnding = roll(3) === 0;
  const roundDays = 7 * roll(4);
  const escrow = { accountId, fromRefreshHash: pointer.refreshHash, attempt, sealed: `${mark}`, keptAt: at };
  const deeds: [string, Deed][] = [
    ['create', ({ pointers }) => pointers.create(pointer)],
    ['get', ({ pointers }) => pointers.get(accountId)],
    [
      'acquire',
      ({ pointers }) => pointers.acquire(pointer, { ...lease, plannedVersionId: `planned-${mark}` }),
    ],
    ['acquire for a link', ({ pointers }) => pointers.acquire(pointer, lease)],
    ['commit', ({ pointers }) => pointers.commit(pointer, next, how)],
    ['relink', ({ pointers }) => pointers.relink(pointer, next, `stack-${mark % 2}`)],
    ['release', ({ pointers }) => pointers.release(pointer, { health, dueAt: at, retryAt: at, outcome })],
    ['release soon', ({ pointers }) => pointers.release(pointer, { health, dueAt: at, outcome })],
    ['mark used', ({ pointers }) => pointers.markUsed(pointer, at)],
    ['mark refused', ({ pointers }) => pointers.markRefused(pointer)],
    ['end', ({ pointers }) => (isEnding ? pointers.end(accountId, at) : pointers.get(accountId))],
    ['commit sealed', ({ pointers }) => pointers.commit(pointer, { ...next, sealed }, how)],
    ['move', ({ pointers }) => pointers.move(pointer, { versionId: next.versionId, sealed })],
    ['reseal', ({ pointers }) => pointers.reseal(pointer, sealed)],
    ['yield', ({ pointers }) => pointers.yield(pointer)],
    ['warn', ({ pointers }) => pointers.warn(pointer, roundDays)],
    ['claim', ({ pointers }) => pointers.claim(pointer, 'stack-1')],
    ['settle an escrow', ({ escrows }) => escrows.settle(escrow, at)],
    ['put in escrow', ({ escrows }) => escrows.put(escrow)],
    ['read escrows', ({ escrows }) => escrows.of(accountId, pointer.refreshHash)],
  ];
  return deeds[roll(deeds.length)] as [string, Deed];
}

async function outcomeOf(doing: Promise<unknown>): Promise<unknown> {
  try {
    return { value: await doing };
  } catch (error) {
    return { refused: error instanceof LatchkeyError ? error.code : String(error) };
  }
}

test.each(times(5, (seed) => seed + 1))(
  'answers and keeps what the real table does, through 400 deeds in order %d',
  async (seed) => {
    const roll = createDice(seed);
    const memory = createMemoryAws();
    const memoryStore = createStore(memory.dynamodb, 'table');
    const known = [aPointer()];
    const where = expression`#pk = ${accountPartition(known[0]?.accountId ?? '')}`;
    let refusals = 0;
    for (let count = 1; count <= 400; count++) {
      // The newest mostly, because old ones are refused.
      const pointer = known.at(roll(3) > 0 ? -1 : roll(known.length)) as TokenPointer;
      const [name, deed] = deedFor(pointer, roll);
      const expected = await outcomeOf(deed(realStore()));
      expect(await outcomeOf(deed(memoryStore)), `deed ${count}: ${name}`).toEqual(expected);
      const { value } = expected as { value?: unknown };
      if (value === 'refused') refusals++;
      else if (value !== null && typeof value === 'object' && 'generation' in value)
        known.push(value as TokenPointer);
    }
    expect(refusals).toBeGreaterThan(20);
    expect(known.length).toBeGreaterThan(40);
    const items = await Array.fromAsync(realTable().queryAll(where, z.looseObject({})));
    expect(items.length).toBeGreaterThan(1);
    const memoryTable = createTable(memory.dynamodb, 'table');
    expect(await Array.fromAsync(memoryTable.queryAll(where, z.looseObject({})))).toEqual(items);
  },
);

test('passes the gate of a provider as the real table does', async () => {
  const { gates: real } = realStore();
  const { gates: memory } = createStore(createMemoryAws().dynamodb, 'table');
  const reservation = { window: 1, count: 2, limit: 3, now: NOW_MS };
  const closing = {
    cause: 'application_refused',
    since: NOW,
    until: toUtc(NOW_MS + 1_000),
    now: NOW_MS,
  } as const;
  const later = NOW_MS + 2_000;
  const deeds: readonly ((gates: Store['gates']) => Promise<unknown>)[] = [
    (gates) => gates.reserve('legrand', reservation),
    (gates) => gates.reserve('legrand', reservation),
    (gates) => gates.reserve('legrand', { ...reservation, count: 1 }),
    (gates) => gates.reserve('legrand', { ...reservation, window: 2 }),
    (gates) => gates.close('legrand', { ...closing, strikes: 1 }),
    (gates) => gates.close('legrand', { ...closing, strikes: 1 }),
    (gates) => gates.reserve('legrand', { ...reservation, window: 3 }),
    async (gates) => {
      const gate = await gates.get('legrand');
      return gate && [await gates.probe(gate, NOW_MS, NOW), await gates.probe(gate, later, toUtc(later + 1))];
    },
    (gates) => gates.open('legrand'),
    (gates) => gates.open('legrand'),
    (gates) => gates.reserve('legrand', { ...reservation, window: 3 }),
  ];
  for (const [index, deed] of deeds.entries()) {
    expect(await outcomeOf(deed(memory)), `deed ${index}`).toEqual(await outcomeOf(deed(real)));
    expect(await memory.get('legrand')).toEqual(await real.get('legrand'));
  }
});

test.each([
  ['of numbers and texts', expression`#n < ${10} AND #n >= ${9} AND #s <> ${'b'} AND NOT #s > ${'a'}`],
  ['on their bounds', expression`#n < ${9} OR #n > ${9} OR #s < ${'a'} OR #s > ${'a'}`],
  ['at most and at least', expression`#n <= ${9} AND #n >= ${9} AND #s <= ${'a'} AND #s >= ${'a'}`],
  ['of what is not there', expression`#none <> ${'b'} AND attribute_not_exists(#map.#none) OR #none = ${1}`],
  ['inside of a map', expression`#map.#inner = ${'deep'} AND (#n = ${1} OR attribute_exists(#map))`],
  ['of different kinds', expression`#n < ${'a'} OR #s < ${1} OR #n = ${'9'}`],
  ['of a beginning', expression`begins_with(#s, ${'a'}) AND NOT begins_with(#n, ${'9'})`],
])('judges conditions as the real table does: %s', async (_, condition) => {
  const key = { pk: anAccountId(), sk: 'ITEM' };
  const item = { n: 9, s: 'a', map: { inner: 'deep' } };
  const memory = createTable(createMemoryAws().dynamodb, 'table');
  for (const table of [memory, realTable()]) await table.put(key, item);
  const expected = await outcomeOf(realTable().put(key, { replaced: NOW }, condition));
  expect(await outcomeOf(memory.put(key, { replaced: NOW }, condition))).toEqual(expected);
});

test.each([
  ['a number', expression`SET #n = #n + ${2}, #m = #n - ${1}`],
  ['inside of a map', expression`SET #map.#inner = ${'new'}, #map.#other = ${null} REMOVE #s`],
  ['an operand that is not there', expression`SET #n = #none + ${2}`],
  ['a path that is not there', expression`SET #none.#inner = ${2}`],
  ['a text as a number', expression`SET #n = #s + ${2}`],
])('updates as the real table does: %s', async (_, change) => {
  const key = { pk: anAccountId(), sk: 'ITEM' };
  const memory = createTable(createMemoryAws().dynamodb, 'table');
  const update = async (table: typeof memory) => {
    await table.put(key, { n: 9, s: 'a', map: { inner: 'deep' } });
    return await outcomeOf(table.update(key, change, z.looseObject({})));
  };
  expect(await update(memory)).toEqual(await update(realTable()));
});

test.each(['size(#a) > :v', '#a IN (:v)', '#a = :v)', '#a BETWEEN :v AND :v', '#a = :other', '#a ! :v'])(
  'throws at a condition that it does not know: %s',
  (text) => {
    const names = {
      ExpressionAttributeNames: { '#a': 'a' },
      ExpressionAttributeValues: { ':v': { N: '1' } },
    };
    expect(() => isConditionMet(text, names, { a: { N: '1' } })).toThrow(TypeError);
  },
);

test.each(['ADD #a :v', 'SET #a = if_not_exists(#a, :v)', 'DELETE #a :v', 'SET #a :v'])(
  'throws at an update that it does not know: %s',
  (text) => {
    const names = {
      ExpressionAttributeNames: { '#a': 'a' },
      ExpressionAttributeValues: { ':v': { N: '1' } },
    };
    expect(() => updateItem(text, names, { a: { N: '1' } })).toThrow(TypeError);
  },
);

test('throws at a call that it does not know', () => {
  expect(() => callTable({}, { input: {} })).toThrow(TypeError);
  const projected = new GetItemCommand({ TableName: 't', Key: {}, ProjectionExpression: 'a' });
  expect(() => callTable({}, projected)).toThrow(TypeError);
});
