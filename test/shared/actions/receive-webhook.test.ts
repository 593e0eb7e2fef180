import { createHmac, randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type IntakeDependencies, receiveWebhook } from '../../../shared/actions/receive-webhook.ts';
import { accountIdFor } from '../../../shared/domain/ids.ts';
import { intakeOf } from '../../../shared/providers/intake-registry.ts';
import { signHook } from '../../../shared/providers/signature.ts';
import { keepDelivery } from '../../../shared/store/keep-delivery.ts';
import { openStoreBench, type StoreBench } from './store-bench.ts';

/** What the provider that signs has given our application. */
const CLIENT_SECRET = 'a client secret';
const keys = {
  key: randomBytes(32),
  epoch: 1,
  clientSecretOf: (provider: string) => (provider === 'netatmo' ? CLIENT_SECRET : undefined),
};
const ARRIVED = Date.parse('2026-01-15T17:00:00Z');
const KILOBYTE = 1024;

/** Of every address here; the operator's is older. */
const EPOCH = 1_768_000_000;

let bench: StoreBench;
let deps: IntakeDependencies;
beforeAll(async () => {
  bench = await openStoreBench(() => ARRIVED);
  deps = {
    keys: async () => keys,
    intakeOf,
    keep: (delivery, signal) => keepDelivery(bench.client, bench.tableName, delivery, signal),
    misses: new Map(),
    now: () => ARRIVED + 5,
  };
});
afterAll(() => bench.close());

/** An account of its own for every test: deliveries of others are then none of its. */
let accounts = 0;
const newAccount = () => accountIdFor('legrand', 'owner', String(accounts++));

const post = (accountId: string, body: string | Buffer, changed: Partial<IntakeDependencies> = {}) =>
  receiveWebhook(
    { ...deps, ...changed },
    {
      provider: 'legrand',
      hook: signHook(keys, 'legrand', { accountId, epoch: EPOCH }),
      body: Buffer.from(body),
      headers: {},
      arrivedAtMs: ARRIVED,
    },
  );
const keptOf = async (accountId: string) =>
  (await bench.records())
    .map(({ dynamodb }) => dynamodb?.NewImage)
    .filter((image) => image?.accountId?.S === accountId);
const idsOf = async (accountId: string) => (await keptOf(accountId)).map((image) => image?.deliveryId?.S);

const event = (id: string, more: object = {}) => ({ id, eventType: 'DeviceToCloud', data: {}, ...more });

describe('an address that proves itself', () => {
  test('has its delivery kept as it came before it is answered', async () => {
    const accountId = newAccount();
    const body = '{ "id": "e-1",  "eventType": "DeviceToCloud" }\n';
    expect(await post(accountId, body)).toEqual({ status: 200 });
    expect(await keptOf(accountId)).toEqual([
      {
        pk: { S: `ACCOUNT#${accountId}` },
        sk: { S: 'DELIVERY#e-1' },
        accountId: { S: accountId },
        deliveryId: { S: 'e-1' },
        provider: { S: 'legrand' },
        raw: { S: body },
        receivedAt: { S: '2026-01-15T17:00:00.005Z' },
        hookEpoch: { N: String(EPOCH) },
        expiresAtEpoch: { N: String(Math.floor(ARRIVED / 1000) + 30 * 86_400) },
      },
    ]);
  });

  test('has the same delivery kept once, however often it comes', async () => {
    const accountId = newAccount();
    const answers = await Promise.all(
      Array.from({ length: 5 }, () => post(accountId, JSON.stringify([event('e-1')]))),
    );
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200]);
    expect(await idsOf(accountId)).toEqual(['e-1']);
  });

  test('has every event of an array kept for itself, and only the new ones when it comes again', async () => {
    const accountId = newAccount();
    await post(accountId, JSON.stringify([event('e-1'), event('e-2')]));
    await post(accountId, JSON.stringify([event('e-2'), event('e-3')]));
    expect((await idsOf(accountId)).toSorted()).toEqual(['e-1', 'e-2', 'e-3']);
  });

  test('tells deliveries without an id, or with one that is none, apart by what they say', async () => {
    const accountId = newAccount();
    for (const body of [
      '{"a":1}',
      '{"a":2}',
      '{"a":1}',
      JSON.stringify(event('not/an id#')),
      JSON.stringify(event('not/an id#')),
      'not/an id#',
    ]) {
      expect((await post(accountId, body)).status).toBe(200);
    }
    const ids = await idsOf(accountId);
    expect(ids).toHaveLength(4);
    for (const id of ids) expect(id).toMatch(/^[\w-]{43}$/);
  });

  test.each([
    ['nothing', ''],
    ['text', 'hello'],
    ['half an object', '{"id":'],
    ['a number', '7'],
    ['null', 'null'],
    ['an empty list', '[]'],
    ['a list of nothings', '[null,null]'],
    ['bytes that are no text', Buffer.from([0xff, 0xfe, 0x00])],
    ['as much as is taken', Buffer.alloc(256 * KILOBYTE, 'x')],
  ])('is answered 200 for %s, which is kept', async (_, body) => {
    const accountId = newAccount();
    expect(await post(accountId, body)).toEqual({ status: 200 });
    expect((await keptOf(accountId)).length).toBeGreaterThan(0);
  });

  test.each([
    ['a byte too much', Buffer.alloc(256 * KILOBYTE + 1, 'x')],
    ['bytes that are no text and take too much as one', Buffer.alloc(200 * KILOBYTE, 0xff)],
  ])('is answered 413 for %s, which is not kept', async (_, body) => {
    const accountId = newAccount();
    const missed = { accountId, failedAnswers: 1 };
    expect(await post(accountId, body)).toEqual({ status: 413, missed });
    expect(await keptOf(accountId)).toEqual([]);
  });

  test("gets the answer that the provider's handshake asks for", async () => {
    const accountId = newAccount();
    const handshake = {
      id: 'h-1',
      eventType: 'Microsoft.EventGrid.SubscriptionValidationEvent',
      data: { validationCode: 'CODE' },
    };
    expect(await post(accountId, JSON.stringify([handshake]))).toEqual({
      status: 200,
      body: { validationResponse: 'CODE', validationCode: 'CODE' },
    });
    expect(await idsOf(accountId)).toEqual(['h-1']);
  });
});

describe('an address that does not prove itself', () => {
  const accountId = newAccount();
  const address = { accountId, epoch: EPOCH };
  const hook = signHook(keys, 'legrand', address);
  const [, , mac = ''] = hook.split('.');

  test.each([
    ['another secret', 'legrand', signHook({ ...keys, key: randomBytes(32) }, 'legrand', address)],
    ['another epoch', 'legrand', hook.replace(String(EPOCH), String(EPOCH + 1))],
    ['an epoch that an operator has ended', 'legrand', signHook(keys, 'legrand', { accountId, epoch: 0 })],
    ['another account', 'legrand', hook.replace(accountId, newAccount())],
    ['another provider', 'legrand', signHook(keys, 'netatmo', address)],
    ['a provider that there is not', 'nobody', signHook(keys, 'netatmo', address)],
    ['a provider from Object itself', 'constructor', hook],
    ['a mac cut short', 'legrand', hook.slice(0, -1)],
    ['a mac with more behind it', 'legrand', `${hook}A`],
    ['a mac in other capitals', 'legrand', `${accountId}.${EPOCH}.${mac.toLowerCase()}`],
    ['no mac', 'legrand', accountId],
    ['an empty mac', 'legrand', `${accountId}.${EPOCH}.`],
    ['nothing', 'legrand', ''],
  ])('with %s is answered 404 and no word, and nothing is kept', async (_, provider, wrong) => {
    let asked = 0;
    const keep = async () => {
      asked++;
      return 'kept' as const;
    };
    const body = Buffer.from(JSON.stringify(event('e-1')));
    const answer = await receiveWebhook(
      { ...deps, keep },
      { provider, hook: wrong, body, headers: {}, arrivedAtMs: ARRIVED },
    );
    expect(answer).toEqual({ status: 404 });
    expect(asked).toBe(0);
  });

  test('is not told that its body is too large', async () => {
    const body = Buffer.alloc(300 * KILOBYTE);
    const answer = await receiveWebhook(deps, {
      provider: 'legrand',
      hook: `${hook}A`,
      body,
      headers: {},
      arrivedAtMs: ARRIVED,
    });
    expect(answer).toEqual({ status: 404 });
  });
});

describe('a store in trouble', () => {
  const never = new Promise<never>(() => undefined);
  const timed = async (changed: Partial<IntakeDependencies>, accountId = newAccount()) => {
    const begun = performance.now();
    const { status, failure } = await post(accountId, JSON.stringify(event('e-1')), changed);
    return { status, failure, tookMs: performance.now() - begun };
  };

  test('that fails is answered 503 with the reason, and the delivery is kept when it comes again', async () => {
    const accountId = newAccount();
    bench.faults.add({ action: 'PutItem', effect: 'fail' });
    expect(await timed({}, accountId)).toMatchObject({
      status: 503,
      failure: { name: 'InternalServerError' },
    });
    expect((await timed({}, accountId)).status).toBe(200);
    expect(await idsOf(accountId)).toEqual(['e-1']);
  });

  test('that keeps half of an array is answered 503, and keeps the other half when it comes again', async () => {
    const accountId = newAccount();
    const body = JSON.stringify([event('e-1'), event('e-2')]);
    bench.faults.add({ action: 'PutItem', effect: 'throttle', skip: 1 });
    expect((await post(accountId, body)).status).toBe(503);
    expect((await post(accountId, body)).status).toBe(200);
    expect((await idsOf(accountId)).toSorted()).toEqual(['e-1', 'e-2']);
  });

  test.each([
    ['hangs', () => bench.faults.add({ action: 'PutItem', effect: 'hang' }), {}],
    ['hangs and cannot be told to stop', () => undefined, { keep: () => never }],
    ['hangs on the key of the addresses', () => undefined, { keys: () => never }],
  ])('that %s is answered 503 within the 750 ms that Legrand gives', async (_, prepare, changed) => {
    prepare();
    const { status, tookMs } = await timed(changed);
    expect(status).toBe(503);
    expect(tookMs).toBeGreaterThan(450);
    expect(tookMs).toBeLessThan(750);
  });

  test('has less time for a request that waited for the function to start, but some', async () => {
    const late = await timed({ keep: () => never, now: () => ARRIVED + 500 });
    expect(late.status).toBe(503);
    expect(late.tookMs).toBeLessThan(300);
    expect((await timed({ now: () => ARRIVED + 2_000 })).status).toBe(200);
  });

  test('that has not our keys is no reason to answer anything but 503', async () => {
    const failure = new Error('there is no secret');
    expect(await timed({ keys: () => Promise.reject(failure) })).toMatchObject({ status: 503, failure });
  });
});

describe('an answer that Legrand counts against us', () => {
  /** A process of its own, which remembers what went wrong in it. */
  const newProcess = () => ({ misses: new Map() });
  const told = async (accountId: string) =>
    (await keptOf(accountId)).map((image) => [
      image?.deliveryId?.S,
      image?.missedAnswers?.N,
      image?.missedSince?.S,
    ]);

  test('because it failed is told by the next delivery that is kept, once', async () => {
    const [accountId, process] = [newAccount(), newProcess()];
    bench.faults.add({ action: 'PutItem', effect: 'fail', times: 2 });
    const missed = { accountId, failedAnswers: 1 };
    expect(await post(accountId, JSON.stringify(event('e-1')), process)).toMatchObject({
      status: 503,
      missed,
    });
    expect(await post(accountId, JSON.stringify(event('e-1')), process)).toMatchObject({
      status: 503,
      missed: { accountId, failedAnswers: 2 },
    });
    for (const id of ['e-2', 'e-3'])
      expect(await post(accountId, JSON.stringify(event(id)), process)).toEqual({ status: 200 });
    expect(await told(accountId)).toEqual([
      ['e-2', '2', new Date(ARRIVED).toISOString()],
      ['e-3', undefined, undefined],
    ]);
  });

  test('is not told by a duplicate, which is not kept, nor by another account', async () => {
    const [accountId, other, process] = [newAccount(), newAccount(), newProcess()];
    await post(accountId, JSON.stringify(event('e-1')), process);
    bench.faults.add({ action: 'PutItem', effect: 'throttle' });
    await post(accountId, JSON.stringify(event('e-2')), process);
    await post(accountId, JSON.stringify(event('e-1')), process);
    await post(other, JSON.stringify(event('e-1')), process);
    await post(accountId, JSON.stringify([event('e-3'), event('e-4')]), process);
    expect(await told(other)).toEqual([['e-1', undefined, undefined]]);
    const counts = (await told(accountId)).map(([, count]) => count).filter((count) => count !== undefined);
    expect(counts).toEqual(['1']);
  });

  test.each([
    ['after 551 ms, since the network has the rest of the 750', 551, true],
    ['after 550 ms', 550, false],
  ])('is one that was given %s', async (_, tookMs, isMissed) => {
    const [accountId, process] = [newAccount(), newProcess()];
    const reply = await post(accountId, JSON.stringify(event('e-1')), {
      ...process,
      now: () => ARRIVED + tookMs,
    });
    expect(reply).toEqual({ status: 200, ...(isMissed && { missed: { accountId, failedAnswers: 1 } }) });
  });

  test('is an alarm when half of those have come that make a ban, which is fewer for Netatmo', async () => {
    const near = async (provider: string, body: string) => {
      const [accountId, process] = [newAccount(), newProcess()];
      bench.faults.add({ action: 'PutItem', effect: 'throttle', times: 10 });
      const hook = signHook(keys, provider, { accountId, epoch: EPOCH });
      const request = { provider, hook, body: Buffer.from(body), headers: {}, arrivedAtMs: ARRIVED };
      const alarms: number[] = [];
      for (let failed = 0; failed < 10; failed++) {
        const { missed } = await receiveWebhook({ ...deps, ...process }, request);
        if (missed?.isBanNear) alarms.push(missed.failedAnswers);
      }
      return alarms;
    };
    expect(await near('legrand', JSON.stringify(event('e-1')))).toEqual([10]);
    expect(await near('netatmo', '{}')).toEqual([3, 4, 5, 6, 7, 8, 9, 10]);
  });

  test('is nobody’s where the address proves nothing', async () => {
    const process = newProcess();
    const request = {
      provider: 'legrand',
      hook: 'x',
      body: Buffer.from(''),
      headers: {},
      arrivedAtMs: ARRIVED,
    };
    expect(await receiveWebhook({ ...deps, ...process }, request)).toEqual({ status: 404 });
    const failure = new Error('there is no secret');
    const noKeys = () => Promise.reject(failure);
    expect(await receiveWebhook({ ...deps, ...process, keys: noKeys }, request)).toEqual({
      status: 503,
      failure,
    });
    expect(process.misses.size).toBe(0);
  });
});

describe('a provider that signs', () => {
  /** As Netatmo writes it: what is signed are these bytes, with their escaped slashes. */
  const body =
    '{"event_id":"65ee01","push_type":"NACamera-human","snapshot_url":"https:\\/\\/img.example\\/s.jpg"}';
  const sign = (text: string, secret = CLIENT_SECRET) =>
    createHmac('sha256', secret).update(text).digest('hex');
  const push = (accountId: string, text: string, signature?: string, changed = {}) =>
    receiveWebhook(
      { ...deps, ...changed },
      {
        provider: 'netatmo',
        hook: signHook(keys, 'netatmo', { accountId, epoch: EPOCH }),
        body: Buffer.from(text),
        headers: { 'x-netatmo-secret': signature },
        arrivedAtMs: ARRIVED,
      },
    );
  const doubtsOf = async (accountId: string) =>
    (await keptOf(accountId)).map((image) => image?.doubtfulSignature?.S);

  test('has its delivery kept without a doubt where the bytes are signed', async () => {
    const accountId = newAccount();
    expect(await push(accountId, body, sign(body))).toEqual({ status: 200 });
    expect((await keptOf(accountId)).map((image) => image?.raw?.S)).toEqual([body]);
    expect(await doubtsOf(accountId)).toEqual([undefined]);
  });

  test.each([
    ['made with another secret', sign(body, 'another')],
    ['made over the body without escaped slashes', sign(body.replaceAll('\\/', '/'))],
    ['in capitals', sign(body).toUpperCase()],
    ['cut short', sign(body).slice(1)],
    ['that is not there', undefined],
  ])('is answered 200 for a signature %s, and the doubt is kept with what came', async (_, signature) => {
    const accountId = newAccount();
    expect(await push(accountId, body, signature)).toEqual({ status: 200, isDoubtful: true });
    expect(await doubtsOf(accountId)).toEqual([signature ?? '']);
  });

  test.each([
    ['none', undefined],
    ['an empty one, with which everybody can sign', ''],
  ])('loses nothing while our copy of the secret is %s', async (_, secret) => {
    const accountId = newAccount();
    const without = { keys: async () => ({ ...keys, clientSecretOf: () => secret }) };
    const signature = sign(body, secret ?? CLIENT_SECRET);
    expect(await push(accountId, body, signature, without)).toEqual({ status: 200, isDoubtful: true });
    expect(await doubtsOf(accountId)).toEqual([signature]);
  });

  test('keeps no more of a header than a signature is long', async () => {
    const accountId = newAccount();
    await push(accountId, body, 'x'.repeat(5_000));
    expect(await doubtsOf(accountId)).toEqual(['x'.repeat(128)]);
  });

  test('tells of failed answers only by what is not in doubt', async () => {
    const [accountId, misses] = [newAccount(), new Map()];
    bench.faults.add({ action: 'PutItem', effect: 'throttle' });
    expect((await push(accountId, '{"a":1}', sign('{"a":1}'), { misses })).status).toBe(503);
    await push(accountId, body, 'wrong', { misses });
    await push(accountId, '{"a":1}', sign('{"a":1}'), { misses });
    const told = (await keptOf(accountId)).map((image) => image?.missedAnswers?.N);
    expect(told).toEqual([undefined, '1']);
  });

  test('has an event kept once, and what has no id as often as it is said', async () => {
    const accountId = newAccount();
    const setPoint = '{"push_type":"display_change","event_type":"set_point","mode":"max"}';
    for (const text of [body, body, setPoint, setPoint, body.replace('human', 'animal')])
      await push(accountId, text, sign(text));
    const raws = (await keptOf(accountId)).map((image) => image?.raw?.S);
    expect(raws.toSorted()).toEqual([body.replace('human', 'animal'), body, setPoint, setPoint].toSorted());
  });
});
