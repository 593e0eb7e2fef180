import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { AppSecret } from '../../../shared/vault/app-secret.ts';
import { createKeyRing } from '../../../shared/vault/key-ring.ts';
import { openSealedSet, sealSet } from '../../../shared/vault/sealed-set.ts';
import type { TokenSet } from '../../../shared/vault/token-set.ts';
import { aPointer, NOW } from '../store/samples.ts';

const rootKey = 'r'.repeat(64);
const newKey = (id: string) => ({ id, key: randomBytes(32).toString('base64') });
const context = ['acc_1', 'legrand', '1'];
const set: TokenSet = {
  accessToken: 'access-1',
  refreshToken: 'refresh-1',
  obtainedAt: NOW,
  accessExpiresAt: '2026-01-05T09:00:00.000Z',
  refreshExpiresAt: '2026-04-05T08:00:00.000Z',
  parentHash: null,
};

test('seals with a key of the root key until there is another', () => {
  const ring = createKeyRing({ rootKey, sealingKeys: [] });
  const sealed = ring.seal('text', context);
  expect(sealed).toMatch(/^root\./);
  expect(sealed).not.toContain('text');
  expect(ring.open(sealed, context)).toBe('text');
  expect(ring.isFresh(sealed)).toBe(true);
});

test('seals with the first key, and opens what every other has sealed', () => {
  const [first, second] = [newKey('2026-a'), newKey('2026-b')];
  const before = createKeyRing({ rootKey, sealingKeys: [first] });
  const after = createKeyRing({ rootKey, sealingKeys: [second, first] });
  const old = before.seal('old', context);
  expect(after.open(old, context)).toBe('old');
  expect(after.isFresh(old)).toBe(false);
  expect(after.seal('new', context)).toMatch(/^2026-b\./);
  expect(() => before.open(after.seal('new', context), context)).toThrow('no sealing key 2026-b');
});

test('opens nothing with another key of the same id, and nothing that was touched', () => {
  const ring = createKeyRing({ rootKey, sealingKeys: [] });
  const other = createKeyRing({ rootKey: 's'.repeat(64), sealingKeys: [] });
  const sealed = ring.seal('text', context);
  expect(() => other.open(sealed, context)).toThrow('cannot be opened');
  const touched = sealed.replace('.', '.A'); // shifts every bit behind it
  expect(() => ring.open(touched, context)).toThrow('cannot be opened');
  expect(() => ring.open('no dot at all', context)).toThrow('no sealing key');
});

test.each([
  ['another account', { accountId: aPointer().accountId }],
  ['an older generation', { generation: 2 }],
])('opens a token set for its own pointer, not for %s', (_, changes) => {
  const ring = createKeyRing({ rootKey, sealingKeys: [] });
  const pointer = aPointer();
  const sealed = sealSet(ring, pointer, 1, set);
  expect(openSealedSet(ring, pointer, sealed)).toEqual(set);
  expect(() => openSealedSet(ring, { ...pointer, ...changes }, sealed)).toThrow('cannot be opened');
});

test('takes keys of 32 bytes and no others into the app secret', () => {
  const app = { rootKey, legrand: { clientId: 'c', clientSecret: 's', subscriptionKey: 'k' } };
  const { sealingKeys } = AppSecret.parse({ ...app, sealingKeys: [newKey('a')] });
  expect(sealingKeys).toHaveLength(1);
  const short = { id: 'a', key: randomBytes(16).toString('base64') };
  for (const wrong of [short, { ...newKey('a'), id: 'a.b' }, { ...newKey('a'), key: 'not base64!' }])
    expect(AppSecret.safeParse({ ...app, sealingKeys: [wrong] }).success).toBe(false);
});
