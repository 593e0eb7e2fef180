import { expect, test } from 'vitest';
import { LatchkeyError } from '../../../shared/domain/error.ts';
import type { OauthFacts, TokenAnswer } from '../../../shared/providers/provider.ts';
import type { Secrets } from '../../../shared/vault/secrets.ts';
import { plannedVersionId, type TokenSet, toTokenSet } from '../../../shared/vault/token-set.ts';
import { createTokenSets } from '../../../shared/vault/token-sets.ts';
import { aPointer, NOW, NOW_MS } from '../store/samples.ts';

const set: TokenSet = {
  accessToken: 'access-1',
  refreshToken: 'refresh-1',
  obtainedAt: NOW,
  accessExpiresAt: '2026-01-05T09:00:00.000Z',
  refreshExpiresAt: '2026-04-05T08:00:00.000Z',
  parentHash: null,
};

/** Secrets Manager as a caller far from its replicas sees it: a version shows up after so many reads. */
function lateSecrets(text: string, afterReads: number): Secrets & { reads(): number } {
  let reads = 0;
  return {
    reads: () => reads,
    read: async () => (++reads > afterReads ? text : undefined),
    readVersion: async () => (++reads > afterReads ? { text, isLast: true } : undefined),
    versionIds: async () => [],
    put: async () => 'kept',
    create: async () => undefined,
    delete: async () => undefined,
  };
}
const noPause = async () => undefined;

test('waits for a version that shows up late, and reads it once', async () => {
  const secrets = lateSecrets(JSON.stringify(set), 3);
  const sets = createTokenSets(secrets, 'accounts/');
  expect(await sets.readNamed('acc_1', 'version-1', noPause)).toEqual(set);
  expect(await sets.readNamed('acc_1', 'version-1', noPause)).toEqual(set);
  expect(secrets.reads()).toBe(4);
});

test('gives up on a version that does not show up for a second', async () => {
  let waitedMs = 0;
  const sets = createTokenSets(lateSecrets('', 99), 'accounts/');
  const reading = sets.readNamed('acc_1', 'version-1', async (ms) => {
    waitedMs += ms;
  });
  await expect(reading).rejects.toMatchObject({ code: 'store_unavailable' });
  expect(waitedMs).toBeLessThanOrEqual(1000);
});

test('does not remember that a version was missing', async () => {
  const sets = createTokenSets(lateSecrets(JSON.stringify(set), 1), 'accounts/');
  expect(await sets.read('acc_1', 'version-1')).toBeUndefined();
  expect(await sets.read('acc_1', 'version-1')).toEqual(set);
});

test('does not quote a malformed secret', async () => {
  const sets = createTokenSets(lateSecrets('{"accessToken":"access-1",', 0), 'accounts/');
  const error = await sets.read('acc_1', 'version-1').catch((caught) => caught);
  expect(error).toBeInstanceOf(LatchkeyError);
  expect(error.cause).toBeUndefined();
  expect(error).toMatchObject({ code: 'config_invalid', message: 'a stored token set is malformed' });
});

const facts = { refreshLifeSeconds: 1000 } as OauthFacts;
const answer = (changes: Partial<TokenAnswer>): TokenAnswer => ({
  accessToken: 'a',
  refreshToken: 'r',
  ...changes,
});
const accessLife = (changes: Partial<TokenAnswer>) =>
  (Date.parse(toTokenSet(answer(changes), facts, { sentAtMs: NOW_MS }).accessExpiresAt) - NOW_MS) / 1000;
const inSeconds = (seconds: number) => NOW_MS / 1000 + seconds;

test.each([
  ['a duration', { expiresInSeconds: 600 }, 600],
  ['a time', { expiresOn: inSeconds(700) }, 700],
  ['both, the earlier counts', { expiresInSeconds: 600, expiresOn: inSeconds(500) }, 500],
  ['both, the earlier counts', { expiresInSeconds: 600, expiresOn: inSeconds(700) }, 600],
  ['neither, an hour is assumed', {}, 3600],
  [
    'a time by a clock that is behind, which is not believed',
    { expiresInSeconds: 600, expiresOn: inSeconds(-5) },
    600,
  ],
  ['a time alone by a clock that is behind', { expiresOn: inSeconds(-5) }, 3600],
  ['a short life that is meant', { expiresInSeconds: 30, expiresOn: inSeconds(30) }, 30],
  ['a negative life', { expiresInSeconds: -1 }, 0],
  ['more than a year', { expiresInSeconds: 1e300, expiresOn: 1e300 }, 365 * 86_400],
])('takes the access token’s life from %s', (_, changes, seconds) => {
  expect(accessLife(changes)).toBe(seconds);
});

test('lets the old refresh token go on where the server sends no new one, or an empty one', () => {
  const spent = { refreshToken: 'old', refreshExpiresAt: '2026-02-01T00:00:00.000Z' };
  for (const refreshToken of [undefined, '']) {
    const answered = { accessToken: 'a', ...(refreshToken !== undefined && { refreshToken }) };
    expect(toTokenSet(answered, facts, { sentAtMs: NOW_MS, spent })).toMatchObject(spent);
  }
  const rotated = toTokenSet(answer({ refreshExpiresInSeconds: 60 }), facts, { sentAtMs: NOW_MS, spent });
  expect(rotated).toMatchObject({ refreshToken: 'r', refreshExpiresAt: '2026-01-05T08:01:00.000Z' });
});

test('plans another version for every attempt, token and account, and the same one for the same', () => {
  const pointer = aPointer();
  const changes = [{}, { attempt: 1 }, { generation: 2 }, { refreshHash: 'hash-2' }, { accountId: 'acc_2' }];
  const ids = changes.map((change) => plannedVersionId({ ...pointer, ...change }));
  expect(new Set(ids).size).toBe(changes.length);
  expect(plannedVersionId({ ...pointer })).toBe(ids[0]);
  for (const id of ids)
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/);
});
