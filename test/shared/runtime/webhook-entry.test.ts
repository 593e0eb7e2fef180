import { createHmac } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { createFaults } from '../../../infra/local/aws/faults.ts';
import { startSecretsManager } from '../../../infra/local/secrets-manager.ts';
import { accountIdFor } from '../../../shared/domain/ids.ts';
import { signHook } from '../../../shared/providers/signature.ts';
import { webhookEntry } from '../../../shared/runtime/webhook-entry.ts';
import { deriveKey } from '../../../shared/vault/root-key.ts';
import { openStoreBench, type StoreBench } from '../actions/store-bench.ts';
import { type Request, toEvent } from './events.ts';

const ROOT_KEY = 'r'.repeat(64);
const hookKey = { key: deriveKey(ROOT_KEY, 'hook'), epoch: 1 };

let bench: StoreBench;
let secretsManager: Awaited<ReturnType<typeof startSecretsManager>>;
const secretFaults = createFaults();
/** Actions of Secrets Manager that were called, oldest first. */
let secretCalls: string[] = [];
beforeAll(async () => {
  bench = await openStoreBench();
  secretsManager = await startSecretsManager({
    watch: {
      before: (call) => {
        secretCalls.push(call.action);
        return secretFaults.strike(call, '', 'before');
      },
      after: () => Promise.resolve(),
      count: () => undefined,
    },
  });
  await secretsManager.write('app', JSON.stringify({ rootKey: ROOT_KEY }));
  vi.stubEnv('AWS_ENDPOINT_URL_DYNAMODB', bench.url);
  vi.stubEnv('AWS_ENDPOINT_URL_SECRETS_MANAGER', secretsManager.url);
  vi.stubEnv('AWS_REGION', 'eu-west-1');
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'any');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'any');
  vi.stubEnv('TABLE_NAME', bench.tableName);
  vi.stubEnv('APP_SECRET_ID', 'app');
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await secretsManager.close();
  await bench.close();
});

/** Lines of the log. */
let logged: string[];
beforeEach(() => {
  logged = [];
  secretCalls = [];
  vi.spyOn(process.stdout, 'write').mockImplementation((line) => logged.push(String(line)) > 0);
});
afterEach(() => {
  vi.restoreAllMocks();
  bench.faults.clear();
  secretFaults.clear();
});

let accounts = 0;
const newAccount = () => accountIdFor('legrand', 'owner', String(accounts++));
const request = (accountId: string, more: Partial<Request>): Request => ({
  routeKey: 'POST /webhooks/{provider}/{hook}',
  params: { provider: 'legrand', hook: signHook(hookKey, 'legrand', { accountId, epoch: 1 }) },
  ...more,
});
const rawOf = async (accountId: string) =>
  (await bench.records())
    .map(({ dynamodb }) => dynamodb?.NewImage)
    .filter((image) => image?.accountId?.S === accountId)
    .map((image) => image?.raw?.S);

/** The event of a request that arrived just now, unless told otherwise. */
function arriving(asked: Request, timeEpoch = Date.now()) {
  const event = toEvent(asked);
  return { ...event, requestContext: { ...event.requestContext, timeEpoch } };
}

/** Asks a function that has just started. */
const post = (asked: Request) => webhookEntry()(arriving(asked));

test('keeps what came and answers with nothing but 200', async () => {
  const accountId = newAccount();
  expect(await post(request(accountId, { text: '{"a":1}' }))).toEqual({ statusCode: 200 });
  expect(await rawOf(accountId)).toEqual(['{"a":1}']);
});

test('reads a body in base 64, as API Gateway sends what is not declared as text', async () => {
  const accountId = newAccount();
  const text = Buffer.from('{"name":"zoë"}').toString('base64');
  expect(await post(request(accountId, { text, isBase64Encoded: true }))).toEqual({ statusCode: 200 });
  expect(await rawOf(accountId)).toEqual(['{"name":"zoë"}']);
});

test('keeps a request without a body as well', async () => {
  const accountId = newAccount();
  expect(await post(request(accountId, {}))).toEqual({ statusCode: 200 });
  expect(await rawOf(accountId)).toEqual(['']);
});

test('answers the handshake as JSON', async () => {
  const body = [
    {
      id: 'h',
      eventType: 'Microsoft.EventGrid.SubscriptionValidationEvent',
      data: { validationCode: 'CODE' },
    },
  ];
  expect(await post(request(newAccount(), { body }))).toEqual({
    statusCode: 200,
    headers: { 'content-type': 'application/json' },
    body: '{"validationResponse":"CODE","validationCode":"CODE"}',
  });
});

test.each([
  ['a hook that does not prove itself', { params: { provider: 'legrand', hook: `${newAccount()}.mac` } }],
  ['no hook at all', { params: {} }],
])('answers 404 without a word to %s', async (_, more) => {
  expect(await post({ ...request(newAccount(), { text: '{}' }), ...more })).toEqual({ statusCode: 404 });
});

test('tries a store that failed once more within its time', async () => {
  bench.faults.add({ action: 'PutItem', effect: 'fail' });
  expect(await post(request(newAccount(), { text: '{}' }))).toEqual({ statusCode: 200 });
});

test('answers 503 in time and logs why, without what was sent, where the store stays away', async () => {
  bench.faults.add({ action: 'PutItem', effect: 'hang', times: 5 });
  const begun = performance.now();
  const answer = await post(request(newAccount(), { text: '{"secret":"hunter2"}' }));
  expect(performance.now() - begun).toBeLessThan(750);
  expect(answer).toEqual({ statusCode: 503 });
  expect(logged).toHaveLength(1);
  const [line = ''] = logged;
  expect(JSON.parse(line)).toMatchObject({
    level: 'ERROR',
    message: 'delivery not kept',
    provider: 'legrand',
  });
  expect(line).not.toContain('hunter2');
});

test('logs with each answer that Legrand counts how many there are, and hands them on with the next it keeps', async () => {
  const accountId = newAccount();
  const handler = webhookEntry();
  const send = (text: string, ageMs = 0) => {
    const event = toEvent(request(accountId, { text }));
    const timeEpoch = Date.now() - ageMs;
    return handler({ ...event, requestContext: { ...event.requestContext, timeEpoch } });
  };
  bench.faults.add({ action: 'PutItem', effect: 'fail', times: 2 });
  expect(await send('1')).toEqual({ statusCode: 503 });
  expect(await send('2', 1_000)).toEqual({ statusCode: 200 });
  expect(await send('3')).toEqual({ statusCode: 200 });
  expect(logged.map((line) => JSON.parse(line))).toEqual([
    expect.objectContaining({ level: 'ERROR', status: 503, accountId, failedAnswers: 1 }),
    {
      level: 'WARN',
      message: 'answered late',
      provider: 'legrand',
      status: 200,
      accountId,
      failedAnswers: 1,
    },
  ]);
  const told = (await bench.records())
    .map(({ dynamodb }) => dynamodb?.NewImage)
    .filter((image) => image?.accountId?.S === accountId)
    .map((image) => [image?.raw?.S, image?.missedAnswers?.N]);
  expect(told).toEqual([
    ['2', '1'],
    ['3', '1'],
  ]);
});

test('logs a signature in doubt without what was sent, and reads the secret that signs with the key of the addresses', async () => {
  vi.stubEnv('APP_SECRET_ID', 'signing');
  const netatmo = { clientId: 'id', clientSecret: 'hunter2' };
  await secretsManager.write('signing', JSON.stringify({ rootKey: ROOT_KEY, netatmo }));
  const accountId = accountIdFor('netatmo', 'owner', String(accounts++));
  const hook = signHook(hookKey, 'netatmo', { accountId, epoch: 1 });
  const text = '{"push_type":"webhook_activation"}';
  secretCalls = [];
  const handler = webhookEntry();
  const send = (signature: string) =>
    handler(
      arriving({
        routeKey: 'POST /webhooks/{provider}/{hook}',
        params: { provider: 'netatmo', hook },
        headers: { 'x-netatmo-secret': signature },
        text,
      }),
    );
  expect(await send(createHmac('sha256', 'hunter2').update(text).digest('hex'))).toEqual({ statusCode: 200 });
  expect(logged).toEqual([]);
  expect(await send('f00d')).toEqual({ statusCode: 200 });
  expect(logged.map((line) => JSON.parse(line))).toEqual([
    { level: 'WARN', message: 'kept with a signature in doubt', provider: 'netatmo', status: 200 },
  ]);
  expect(secretCalls).toEqual(['GetSecretValue']);
  expect(await rawOf(accountId)).toEqual([text, text]);
  vi.stubEnv('APP_SECRET_ID', 'app');
});

test('answers 503 while its secret cannot be read, and 200 as soon as it can', async () => {
  vi.stubEnv('APP_SECRET_ID', 'written-later');
  const asked = request(newAccount(), { text: '{}' });
  const handler = webhookEntry();
  expect(await handler(arriving(asked))).toEqual({ statusCode: 503 });
  await secretsManager.write('written-later', JSON.stringify({ rootKey: ROOT_KEY }));
  expect(await handler(arriving(asked))).toEqual({ statusCode: 200 });
  vi.stubEnv('APP_SECRET_ID', 'app');
});

test('reads its secret while it starts, and never again', async () => {
  const handler = webhookEntry();
  await vi.waitUntil(() => secretCalls.length > 0);
  for (let count = 0; count < 3; count += 1) {
    expect(await handler(arriving(request(newAccount(), { text: '{}' })))).toEqual({ statusCode: 200 });
  }
  expect(secretCalls).toEqual(['GetSecretValue']);
});

test('is late for one request at most because of a read that hangs', async () => {
  secretFaults.add({ action: 'GetSecretValue', effect: 'hang' });
  const handler = webhookEntry();
  const answers = [];
  for (let attempt = 0; attempt < 2; attempt += 1) {
    answers.push(await handler(arriving(request(newAccount(), { text: '{}' }))));
  }
  expect(answers.at(-1)).toEqual({ statusCode: 200 });
  expect(secretCalls).toEqual(['GetSecretValue', 'GetSecretValue']);
});

test('tries a table that hangs twice, and both tries fit into its time', async () => {
  const hangs = 5;
  bench.faults.add({ action: 'PutItem', effect: 'hang', times: hangs });
  expect(await post(request(newAccount(), { text: '{}' }))).toEqual({ statusCode: 503 });
  expect(bench.faults.list()).toEqual([expect.objectContaining({ times: hangs - 2 })]);
});

test("counts its time from the request's arrival, not from its own start", async () => {
  bench.faults.add({ action: 'PutItem', effect: 'hang', times: 5 });
  const event = arriving(request(newAccount(), { text: '{}' }), Date.now() - 400);
  expect(await webhookEntry()(event)).toEqual({ statusCode: 503 });
  // Too little was left for a second try.
  expect(bench.faults.list()).toEqual([expect.objectContaining({ times: 4 })]);
});
