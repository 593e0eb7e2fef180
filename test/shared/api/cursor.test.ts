import { expect, test } from 'vitest';
import { readCursor, writeCursor } from '../../../shared/api/cursor.ts';
import { LatchkeyError } from '../../../shared/domain/error.ts';

const encoded = (text: string) => Buffer.from(text).toString('base64url');

test('comes back as the key it was made of, and fits into an address as it is', () => {
  const key = { pk: 'ACCOUNT#acc_1', sk: 'ACCOUNT', ownerKey: 'zoë & co/?' };
  const cursor = writeCursor(key) ?? '';
  expect(readCursor(cursor)).toEqual(key);
  expect(encodeURIComponent(cursor)).toBe(cursor);
});

test('is absent where there is no next page', () => {
  expect(writeCursor(undefined)).toBeUndefined();
  expect(readCursor(undefined)).toBeUndefined();
});

test.each([
  ['nothing', ''],
  ['noise', '!!!'],
  ['text', encoded('hello')],
  ['a number', encoded('7')],
  ['null', encoded('null')],
  ['a list', encoded('["a"]')],
  ['an object of objects', encoded('{"pk":{"S":"a"}}')],
  ['an object with a number', encoded('{"pk":1}')],
  ['an object cut short', encoded('{"pk":"a"')],
])('is not made of %s', (_, cursor) => {
  const read = () => readCursor(cursor);
  expect(read).toThrow(LatchkeyError);
  expect(read).toThrow(
    expect.objectContaining({ code: 'request_invalid', details: { fields: { after: 'is not a cursor' } } }),
  );
});
