import { randomUUID } from 'node:crypto';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { expect, test } from 'vitest';
import { LatchkeyError } from '../../../shared/domain/error.ts';
import { readAppSecret } from '../../../shared/vault/app-secret.ts';
import { readIntakeKeys } from '../../../shared/vault/intake-keys.ts';
import { deriveKey } from '../../../shared/vault/root-key.ts';
import { createSecrets } from '../../../shared/vault/secrets.ts';
import { useAws } from '../aws.ts';
import { times } from '../store/use-store.ts';

const aws = useAws();
const secrets = () => createSecrets(aws().secretsManager);
const newName = () => `${aws().secretPrefix}${randomUUID()}`;

async function stored(value: unknown): Promise<string> {
  const name = newName();
  await secrets().create(name, typeof value === 'string' ? value : JSON.stringify(value), randomUUID());
  return name;
}

test('reads the version that is named, and the newest when none is', async () => {
  const name = newName();
  const versions = times(2, () => randomUUID());
  for (const version of versions) await secrets().create(name, `text of ${version}`, version);
  expect(await secrets().read(name, versions[0])).toBe(`text of ${versions[0]}`);
  expect(await secrets().read(name)).toBe(`text of ${versions[1]}`);
  expect(await secrets().read(name, randomUUID())).toBeUndefined();
  expect(await secrets().read(newName())).toBeUndefined();
});

test('makes a secret once, however many make it', async () => {
  const name = newName();
  const versions = times(5, () => randomUUID());
  await Promise.all(versions.map((version) => secrets().create(name, version, version)));
  for (const version of versions) expect(await secrets().read(name, version)).toBe(version);
});

test('takes a repeated version for the same write', async () => {
  const [name, version] = [await stored('one'), randomUUID()];
  for (const _ of [1, 2]) expect(await secrets().put(name, 'two', version)).toBe('kept');
  await expect(secrets().put(name, 'three', version)).rejects.toMatchObject({ code: 'store_unavailable' });
  expect(await secrets().read(name, version)).toBe('two');
});

test('adds no version to a secret that is not there, and deletes it as often as asked', async () => {
  const name = await stored('one');
  for (const _ of [1, 2]) await secrets().delete(name);
  expect(await secrets().put(name, 'two', randomUUID())).toBe('no_such_secret');
  expect(await secrets().read(name)).toBeUndefined();
  await secrets().create(name, 'three', randomUUID());
  expect(await secrets().read(name)).toBe('three');
});

test('calls a Secrets Manager that cannot be reached unavailable', async () => {
  const client = new SecretsManagerClient({
    endpoint: 'http://127.0.0.1:1',
    region: 'eu-west-1',
    credentials: { accessKeyId: 'any', secretAccessKey: 'any' },
    maxAttempts: 1,
  });
  await expect(createSecrets(client).read('any')).rejects.toMatchObject({ code: 'store_unavailable' });
});

const app = {
  rootKey: 'k'.repeat(64),
  legrand: { clientId: 'client', clientSecret: 'very secret', subscriptionKey: 'key' },
};

test('reads the app secret, whose hooks begin at epoch 1', async () => {
  expect(await readAppSecret(secrets(), await stored(app))).toEqual({
    ...app,
    netatmo: { clientId: '', clientSecret: '' },
    allthingstalk: { clientId: 'web' },
    hookEpoch: 1,
    sealingKeys: [],
  });
});

test.each([
  ['that is not JSON', '{"rootKey":"very secret', 'the whole text'],
  ['without a root key', { legrand: app.legrand }, 'rootKey'],
  ['with a short root key', { ...app, rootKey: 'very secret' }, 'rootKey'],
  ['without a client secret', { ...app, legrand: { clientId: 'very secret' } }, 'legrand.clientSecret'],
])('names what is wrong with an app secret %s, and quotes nothing of it', async (_, value, path) => {
  const error = await readAppSecret(secrets(), await stored(value)).catch((caught) => caught);
  expect(error).toBeInstanceOf(LatchkeyError);
  expect(error).toMatchObject({ code: 'config_invalid', message: expect.stringContaining(path) });
  expect(error.message).not.toContain('very secret');
});

test('says that there is no app secret', async () => {
  await expect(readAppSecret(secrets(), newName())).rejects.toMatchObject({ code: 'config_invalid' });
});

test('knows the client secrets that providers sign with, and does without those that are missing', async () => {
  const netatmo = { clientId: 'id', clientSecret: 'signs' };
  const { clientSecretOf } = await readIntakeKeys(secrets(), await stored({ ...app, netatmo }));
  expect(['netatmo', 'nobody', 'constructor', '__proto__'].map(clientSecretOf)).toEqual([
    'signs',
    undefined,
    undefined,
    undefined,
  ]);
  const without = await readIntakeKeys(secrets(), await stored({ ...app, netatmo: null }));
  expect(without.clientSecretOf('netatmo')).toBeUndefined();
});

test('derives another key for every purpose, and the hook key the same without schemas', async () => {
  const name = await stored({ ...app, hookEpoch: 3 });
  expect(await readIntakeKeys(secrets(), name)).toMatchObject({
    key: deriveKey(app.rootKey, 'hook'),
    epoch: 3,
  });
  await expect(readIntakeKeys(secrets(), newName())).rejects.toThrow('no root key');
  const keys = (['hook', 'refresh hash', 'escrow', 'sealed vault'] as const).map((purpose) =>
    deriveKey(app.rootKey, purpose),
  );
  expect(new Set(keys.map((key) => key.toString('hex'))).size).toBe(4);
});
