import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { LatchkeyError } from '../../../shared/domain/error.ts';
import { newCommandId } from '../../../shared/domain/ids.ts';
import { toProblem } from '../../../shared/domain/problem.ts';
import { aCommand, anAccountId, NOW, NOW_MS } from './samples.ts';
import { times, useStore } from './use-store.ts';

const { store } = useStore();
const DAY_MS = 86_400_000;

test('creates a command once', async () => {
  const command = aCommand();
  expect(await store().commands.create(command)).toBe('written');
  expect(await store().commands.create({ ...command, status: 'failed' })).toBe('refused');
  expect(await store().commands.get(command.commandId)).toEqual(command);
});

test('notes when it was sent, acknowledged and observed as separate facts', async () => {
  const command = aCommand();
  const { commandId } = command;
  await store().commands.create(command);
  await store().commands.markSent(commandId, NOW);
  const finished = await store().commands.finish(commandId, { status: 'succeeded', acknowledgedAt: NOW });
  expect(finished).toEqual({ ...command, status: 'succeeded', sentAt: NOW, acknowledgedAt: NOW });
  await store().commands.observe(commandId, NOW);
  expect(await store().commands.get(commandId)).toEqual({ ...finished, observedAt: NOW });
});

test('says why it failed', async () => {
  const command = aCommand();
  await store().commands.create(command);
  const problem = toProblem(new LatchkeyError('module_busy', 'somebody is using it'));
  await store().commands.finish(command.commandId, { status: 'failed', problem });
  expect(await store().commands.get(command.commandId)).toMatchObject({ status: 'failed', problem });
});

test('keeps the first time that its effect was seen', async () => {
  const command = aCommand();
  await store().commands.create(command);
  await store().commands.observe(command.commandId, NOW);
  await store().commands.observe(command.commandId, '2026-01-05T09:00:00.000Z');
  expect(await store().commands.get(command.commandId)).toMatchObject({ observedAt: NOW });
});

test('makes no command out of an effect that was seen after it had expired', async () => {
  const { commandId } = aCommand();
  await store().commands.observe(commandId, NOW);
  expect(await store().commands.get(commandId)).toBeUndefined();
});

const claim = (key: string, fingerprint: string, now = NOW_MS, tokenId = 'workspace') => {
  const commandId = newCommandId(anAccountId());
  return store().commands.claimKey({ tokenId, key, commandId, fingerprint, now });
};

test('gives all of twenty requests with one key the same command', async () => {
  const key = randomUUID();
  const records = await Promise.all(times(20, () => claim(key, 'same')));
  expect(new Set(records.map(({ commandId }) => commandId)).size).toBe(1);
  const found = await store().commands.findKey({ tokenId: 'workspace', key, now: NOW_MS });
  expect(found).toEqual(records[0]);
});

test('tells the request that claimed the key, so that another one is noticed', async () => {
  const key = randomUUID();
  await claim(key, 'first');
  expect(await claim(key, 'second')).toMatchObject({ fingerprint: 'first' });
});

test('keeps the keys of different access tokens apart', async () => {
  const key = randomUUID();
  await claim(key, 'first');
  expect(await claim(key, 'second', NOW_MS, 'another')).toMatchObject({ fingerprint: 'second' });
});

test('forgets a key after a day, whether or not it has been removed', async () => {
  const key = randomUUID();
  await claim(key, 'first');
  const find = (now: number) => store().commands.findKey({ tokenId: 'workspace', key, now });
  expect(await find(NOW_MS + DAY_MS - 1)).toMatchObject({ fingerprint: 'first' });
  expect(await find(NOW_MS + DAY_MS)).toBeUndefined();
  expect(await claim(key, 'second', NOW_MS + DAY_MS)).toMatchObject({ fingerprint: 'second' });
});
