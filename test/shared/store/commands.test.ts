import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import type { Command } from '../../../shared/domain/command.ts';
import { LatchkeyError } from '../../../shared/domain/error.ts';
import { newCommandId } from '../../../shared/domain/ids.ts';
import { toProblem } from '../../../shared/domain/problem.ts';
import { toUtc } from '../../../shared/domain/time.ts';
import { aCommand, anAccountId, NOW, NOW_MS } from './samples.ts';
import { times, useStore } from './use-store.ts';

const { store } = useStore();
const DAY_MS = 86_400_000;
const at = (seconds: number) => toUtc(NOW_MS + seconds * 1000);
const problem = toProblem(new LatchkeyError('module_busy', 'somebody is using it'));

test('creates a command once', async () => {
  const command = aCommand();
  expect(await store().commands.create(command)).toBe('written');
  expect(await store().commands.create({ ...command, status: 'failed' })).toBe('refused');
  expect(await store().commands.get(command.commandId)).toEqual(command);
});

/** A command whose first attempt has been claimed. */
async function sending(): Promise<Command> {
  const command: Command = { ...aCommand(), status: 'waiting', attempts: 0 };
  await store().commands.create(command);
  const claimed = await store().commands.claim(command, NOW);
  if (claimed === 'refused') throw new Error('nobody else has claimed it');
  return claimed;
}
const due = async (now: number, { commandId }: Command) =>
  (await Array.fromAsync(store().commands.due(now))).filter((found) => found.commandId === commandId);

test('notes when it was sent, acknowledged and observed as separate facts', async () => {
  const command = await sending();
  const { commandId } = command;
  expect(command).toMatchObject({ status: 'sending', attempts: 1, sentAt: NOW });
  const finished = await store().commands.finish(command, { status: 'succeeded', acknowledgedAt: NOW });
  expect(finished).toEqual({ ...command, status: 'succeeded', acknowledgedAt: NOW });
  await store().commands.observe(commandId, NOW);
  expect(await store().commands.get(commandId)).toEqual({ ...command, ...Object(finished), observedAt: NOW });
});

test('says why it failed', async () => {
  const command = await sending();
  await store().commands.finish(command, { status: 'failed', problem });
  expect(await store().commands.get(command.commandId)).toMatchObject({ status: 'failed', problem });
});

test('lets one of many begin an attempt, and the next only when that has ended', async () => {
  const command: Command = { ...aCommand(), status: 'waiting', attempts: 0 };
  await store().commands.create(command);
  const claims = await Promise.all(times(10, () => store().commands.claim(command, NOW)));
  const [claimed, ...more] = claims.filter((claim) => claim !== 'refused');
  if (!claimed) throw new Error('nobody could claim it');
  expect(more).toEqual([]);
  const next = { nextAttemptAt: at(10), dueAt: at(10), problem };
  const waiting = await store().commands.postpone(claimed, next);
  expect(waiting).toMatchObject({ status: 'waiting', attempts: 1, nextAttemptAt: at(10), problem });
  expect(await store().commands.postpone(claimed, next)).toBe('refused');
  expect(await store().commands.finish(claimed, { status: 'succeeded', acknowledgedAt: NOW })).toBe(
    'refused',
  );
  const again = waiting !== 'refused' && (await store().commands.claim(waiting, at(10)));
  expect(again).toMatchObject({ status: 'sending', attempts: 2, sentAt: at(10) });
  expect(again).not.toHaveProperty('nextAttemptAt');
});

test('is due when its next attempt is, when its sender must be lost, and never once it is final', async () => {
  const command = await sending();
  expect(await due(NOW_MS + 59_999, command)).toEqual([]);
  expect(await due(NOW_MS + 60_000, command)).toHaveLength(1);
  const waiting = await store().commands.postpone(command, {
    nextAttemptAt: at(10),
    dueAt: at(10),
    problem,
  });
  expect(await due(NOW_MS + 9_999, command)).toEqual([]);
  expect(await due(NOW_MS + 10_000, command)).toMatchObject([{ status: 'waiting', dueAt: at(10) }]);
  if (waiting === 'refused') throw new Error('nobody else has it');
  await store().commands.finish(waiting, { status: 'expired', problem });
  expect(await due(NOW_MS + DAY_MS, command)).toEqual([]);
});

test('that nobody has sent is due once whoever accepted it must have been stopped', async () => {
  const command: Command = { ...aCommand(), status: 'waiting', attempts: 0 };
  await store().commands.create(command);
  expect(await due(NOW_MS + 29_999, command)).toEqual([]);
  expect(await due(NOW_MS + 30_000, command)).toHaveLength(1);
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
