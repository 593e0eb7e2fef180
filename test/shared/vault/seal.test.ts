import { expect, test } from 'vitest';
import { seal, unseal } from '../../../shared/vault/seal.ts';

const key = Buffer.alloc(32, 1);
const context = ['account', 'hash', '1'];

test('opens what it sealed', () => {
  for (const text of ['', 'token', '€'.repeat(1000)])
    expect(unseal(key, seal(key, text, context), context)).toBe(text);
});

test('never seals the same text the same way', () => {
  expect(seal(key, 'token', context)).not.toBe(seal(key, 'token', context));
});

test.each([
  ['another key', (sealed: string) => unseal(Buffer.alloc(32, 2), sealed, context)],
  ['another context', (sealed: string) => unseal(key, sealed, ['account', 'hash', '2'])],
  ['a context that only reads the same', (sealed: string) => unseal(key, sealed, ['accounthash', '1'])],
  ['a shortened text', (sealed: string) => unseal(key, sealed.slice(0, 20), context)],
  ['nothing', () => unseal(key, '', context)],
])('does not open with %s', (_, open) => {
  expect(() => open(seal(key, 'a token of some length', context))).toThrow();
});

test('does not open when any of its bits was touched', () => {
  const bytes = Buffer.from(seal(key, 'a token', context), 'base64url');
  for (let bit = 0; bit < bytes.length * 8; bit++) {
    const touched = Buffer.from(bytes);
    touched.writeUInt8(bytes.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
    expect(() => unseal(key, touched.toString('base64url'), context), `bit ${bit}`).toThrow();
  }
});
