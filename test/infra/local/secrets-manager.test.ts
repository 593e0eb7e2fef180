import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CreateSecretCommand,
  DeleteSecretCommand,
  DescribeSecretCommand,
  GetSecretValueCommand,
  ListSecretsCommand,
  ListSecretVersionIdsCommand,
  PutSecretValueCommand,
  RestoreSecretCommand,
  SecretsManagerClient,
  TagResourceCommand,
  UpdateSecretCommand,
} from '@aws-sdk/client-secrets-manager';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { SecretGeneration } from '../../../infra/local/secrets-manager/secret-generation.ts';
import { type LocalSecretsManager, startSecretsManager } from '../../../infra/local/secrets-manager.ts';

const Name = 'latchkey/test/accounts/1';
const token = (digit: number) => `00000000-0000-4000-8000-00000000000${digit}`;
let nowMs = Date.parse('2026-01-05T08:00:00Z');
let secretsManager: LocalSecretsManager;
let client: SecretsManagerClient;

function connect(): void {
  client = new SecretsManagerClient({
    endpoint: secretsManager.url,
    region: 'eu-west-1',
    credentials: { accessKeyId: 'anybody', secretAccessKey: 'secret' },
    maxAttempts: 1,
  });
}

beforeEach(async () => {
  secretsManager = await startSecretsManager({ now: () => nowMs });
  connect();
});
afterEach(async () => {
  client.destroy();
  await secretsManager.close();
});

const create = (SecretString = 'one', digit = 1) =>
  client.send(new CreateSecretCommand({ Name, SecretString, ClientRequestToken: token(digit) }));
const put = (SecretString: string, digit: number) =>
  client.send(new PutSecretValueCommand({ SecretId: Name, SecretString, ClientRequestToken: token(digit) }));
const get = (input: { VersionId?: string; VersionStage?: string; SecretId?: string } = {}) =>
  client.send(new GetSecretValueCommand({ SecretId: Name, ...input }));

test('finds a secret by name, ARN and ARN without suffix', async () => {
  const { ARN = '' } = await create();
  expect(ARN).toMatch(/:secret:latchkey\/test\/accounts\/1-[A-Za-z0-9]{6}$/);
  for (const SecretId of [Name, ARN, ARN.slice(0, -7)]) {
    expect(await get({ SecretId })).toMatchObject({ Name, SecretString: 'one', VersionId: token(1) });
  }
  await expect(get({ SecretId: 'nowhere' })).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
});

test('moves the stages as values are put, and still serves old versions by their id', async () => {
  await create();
  await put('two', 2);
  await put('three', 3);
  expect(await get()).toMatchObject({ SecretString: 'three', VersionStages: ['AWSCURRENT'] });
  expect(await get({ VersionStage: 'AWSPREVIOUS' })).toMatchObject({ SecretString: 'two' });
  expect(await get({ VersionId: token(1) })).toMatchObject({ SecretString: 'one', VersionStages: [] });
  await expect(get({ VersionId: token(9) })).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  await expect(get({ VersionId: token(1), VersionStage: 'AWSCURRENT' })).rejects.toMatchObject({
    name: 'InvalidRequestException',
  });
  const list = new ListSecretVersionIdsCommand({ SecretId: Name });
  expect((await client.send(list)).Versions?.map(({ VersionId }) => VersionId)).toEqual([token(2), token(3)]);
});

test('puts a version aside when its stages say so', async () => {
  await create();
  await client.send(
    new PutSecretValueCommand({ SecretId: Name, SecretString: 'two', VersionStages: ['AWSPENDING'] }),
  );
  expect(await get()).toMatchObject({ SecretString: 'one' });
  expect(await get({ VersionStage: 'AWSPENDING' })).toMatchObject({ SecretString: 'two' });
});

test('takes the same token with the same value as done, and refuses it with another value', async () => {
  await create();
  await put('two', 2);
  await put('three', 3);
  expect(await put('two', 2)).toMatchObject({ VersionId: token(2), VersionStages: ['AWSPREVIOUS'] });
  expect(await get()).toMatchObject({ SecretString: 'three' });
  await expect(put('other', 2)).rejects.toMatchObject({ name: 'ResourceExistsException' });
});

test('creates a secret once', async () => {
  const { ARN } = await create();
  expect(await create()).toMatchObject({ ARN, VersionId: token(1) });
  await expect(create('one', 2)).rejects.toMatchObject({ name: 'ResourceExistsException' });
  await expect(create('other', 1)).rejects.toMatchObject({ name: 'ResourceExistsException' });
});

test('blocks use and name of a secret scheduled for deletion until it is restored or gone', async () => {
  const first = await create();
  await client.send(new DeleteSecretCommand({ SecretId: Name, RecoveryWindowInDays: 7 }));
  for (const refused of [get(), put('two', 2), create('one', 3)]) {
    await expect(refused).rejects.toMatchObject({ name: 'InvalidRequestException' });
  }
  const described = await client.send(new DescribeSecretCommand({ SecretId: Name }));
  expect(described.DeletedDate).toBeInstanceOf(Date);
  await client.send(new RestoreSecretCommand({ SecretId: Name }));
  expect(await get()).toMatchObject({ SecretString: 'one' });

  await client.send(new DeleteSecretCommand({ SecretId: Name, RecoveryWindowInDays: 7 }));
  nowMs += 8 * 24 * 60 * 60 * 1000;
  const second = await create();
  expect(second.ARN).not.toBe(first.ARN);
});

test('forgets at once when deletion is forced, even twice', async () => {
  await create();
  const force = new DeleteSecretCommand({ SecretId: Name, ForceDeleteWithoutRecovery: true });
  await client.send(force);
  await client.send(force);
  await expect(get()).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  await create('again', 1);
});

test('describes, tags, updates and lists by the start of a name', async () => {
  await create();
  await client.send(new CreateSecretCommand({ Name: 'other', SecretString: 'x' }));
  await client.send(
    new TagResourceCommand({ SecretId: Name, Tags: [{ Key: 'provider', Value: 'legrand' }] }),
  );
  await client.send(
    new UpdateSecretCommand({ SecretId: Name, Description: 'one account', SecretString: '2' }),
  );
  expect(await get()).toMatchObject({ SecretString: '2' });
  const filtered = await client.send(
    new ListSecretsCommand({ Filters: [{ Key: 'name', Values: ['latchkey/'] }] }),
  );
  expect(filtered.SecretList).toMatchObject([
    { Name, Description: 'one account', Tags: [{ Key: 'provider', Value: 'legrand' }] },
  ]);
  const first = await client.send(new ListSecretsCommand({ MaxResults: 1 }));
  const second = await client.send(new ListSecretsCommand({ MaxResults: 1, NextToken: first.NextToken }));
  expect([first, second].map(({ SecretList }) => SecretList?.[0]?.Name)).toEqual([Name, 'other']);
  expect(second.NextToken).toBeUndefined();
});

test('refuses both kinds of value, neither, and a token that is too short', async () => {
  await create();
  const both = { SecretId: Name, SecretString: 'x', SecretBinary: new Uint8Array([1]) };
  for (const [input, name] of [
    [both, 'InvalidParameterException'],
    [{ SecretId: Name }, 'InvalidRequestException'],
    [{ SecretId: Name, SecretString: 'x', ClientRequestToken: 'short' }, 'ValidationException'],
  ] as const) {
    await expect(client.send(new PutSecretValueCommand(input))).rejects.toMatchObject({ name });
  }
});

test('lets one of two concurrent puts of one token win', async () => {
  await create();
  const outcomes = await Promise.allSettled([put('a', 2), put('b', 2)]);
  expect(outcomes.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
});

test('makes declared secrets once, and keeps everything across a restart', async () => {
  const path = await mkdtemp(join(tmpdir(), 'latchkey-secrets-'));
  try {
    const generation = SecretGeneration.parse({
      SecretStringTemplate: '{"legrand":{"clientId":""}}',
      GenerateStringKey: 'rootKey',
      PasswordLength: 64,
      ExcludePunctuation: true,
    });
    const start = async () => {
      await secretsManager.close();
      secretsManager = await startSecretsManager({ path });
      await secretsManager.ensure({ name: 'latchkey/test/app', generation });
      return secretsManager.read('latchkey/test/app') ?? '';
    };
    const made = JSON.parse(await start());
    expect(made).toMatchObject({ legrand: { clientId: '' } });
    expect(made.rootKey).toMatch(/^[A-Za-z0-9]{64}$/);
    const arn = secretsManager.arnOf('latchkey/test/app');
    expect(JSON.parse(await start())).toEqual(made);
    expect(secretsManager.arnOf('latchkey/test/app')).toBe(arn);
  } finally {
    await rm(path, { recursive: true });
  }
});
