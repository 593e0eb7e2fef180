import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { expect, test } from 'vitest';
import * as z from 'zod';
import { LatchkeyError } from '../../../shared/domain/error.ts';
import { expression } from '../../../shared/store/expression.ts';
import { createTable } from '../../../shared/store/item.ts';
import { times, useStore } from './use-store.ts';

const { table, tableName } = useStore();
const Note = z.object({ text: z.string() });
const key = (sk: string) => ({ pk: 'NOTE#item-test', sk });
const absent = expression`attribute_not_exists(#pk)`;

test('reads back what was put, and nothing where nothing is', async () => {
  await table().put(key('a'), { text: 'one' });
  expect(await table().get(key('a'), Note)).toEqual({ text: 'one' });
  expect(await table().get(key('nowhere'), Note)).toBeUndefined();
});

test('tells a refused write from a written one, and leaves the item as it was', async () => {
  expect(await table().put(key('b'), { text: 'first' }, absent)).toBe('written');
  expect(await table().put(key('b'), { text: 'second' }, absent)).toBe('refused');
  const change = expression`SET #text = ${'third'}`;
  const other = expression`#text = ${'other'}`;
  expect(await table().update(key('b'), change, Note, other)).toBe('refused');
  expect(await table().delete(key('b'), other)).toBe('refused');
  expect(await table().get(key('b'), Note)).toEqual({ text: 'first' });
  expect(await table().update(key('b'), change, Note)).toEqual({ text: 'third' });
  expect(await table().delete(key('b'))).toBe('deleted');
  expect(await table().get(key('b'), Note)).toBeUndefined();
});

test('lets one of many writers through a condition', async () => {
  const outcomes = await Promise.all(times(20, (i) => table().put(key('c'), { text: `${i}` }, absent)));
  expect(outcomes.filter((outcome) => outcome === 'written')).toHaveLength(1);
});

test('pages through a partition with the key that a page ends with', async () => {
  await Promise.all(times(5, (i) => table().put({ pk: 'NOTE#pages', sk: `${i}` }, { text: `${i}` })));
  const where = expression`#pk = ${'NOTE#pages'}`;
  const first = await table().query({ where, limit: 3 }, Note);
  expect(first.items.map(({ text }) => text)).toEqual(['0', '1', '2']);
  const second = await table().query({ where, limit: 3, ...(first.next && { after: first.next }) }, Note);
  expect(second).toEqual({ items: [{ text: '3' }, { text: '4' }] });
});

test('finds every item of a partition, however many pages that takes', async () => {
  await Promise.all(times(120, (i) => table().put({ pk: 'NOTE#all', sk: `${i}` }, { text: `${i}` })));
  const found = await Array.fromAsync(table().queryAll(expression`#pk = ${'NOTE#all'}`, Note));
  expect(new Set(found.map(({ text }) => text)).size).toBe(120);
});

test.each([
  ['no key', {}],
  ['another attribute', { colour: 'red' }],
  ['half a key', { pk: 'NOTE#pages' }],
  ['another partition', { pk: 'NOTE#other', sk: '1' }],
  ['an empty key', { pk: '', sk: '' }],
])('refuses a cursor that is %s as a mistake of the client', async (_, after) => {
  const where = expression`#pk = ${'NOTE#pages'}`;
  await expect(table().query({ where, limit: 3, after }, Note)).rejects.toMatchObject({
    code: 'request_invalid',
    details: { fields: { after: 'is not a cursor' } },
  });
});

test('refuses a cursor of another index as a mistake of the client', async () => {
  const after = { pk: 'NOTE#pages', sk: '1' };
  const scan = table().scanIndex('owner', { limit: 3, after }, Note);
  await expect(scan).rejects.toMatchObject({ code: 'request_invalid' });
});

test('does not blame the client for an expression of ours that DynamoDB refuses', async () => {
  const where = expression`#colour = ${'red'}`;
  await expect(table().query({ where, limit: 3 }, Note)).rejects.toMatchObject({ code: 'store_unavailable' });
});

test('calls a DynamoDB that cannot be reached unavailable, with the original as its cause', async () => {
  const client = new DynamoDBClient({
    endpoint: 'http://127.0.0.1:1',
    region: 'eu-west-1',
    credentials: { accessKeyId: 'any', secretAccessKey: 'any' },
    maxAttempts: 1,
  });
  const error = await createTable(client, tableName())
    .get(key('a'), Note)
    .catch((caught) => caught);
  expect(error).toBeInstanceOf(LatchkeyError);
  expect(error).toMatchObject({ code: 'store_unavailable', cause: expect.any(Error) });
});

test('does not hide an item that does not fit its schema behind the store', async () => {
  await table().put(key('misfit'), { text: 7 });
  await expect(table().get(key('misfit'), Note)).rejects.toBeInstanceOf(z.ZodError);
});
