import { describe, expect, it } from 'vitest';
import type { AllthingstalkCloud } from '../../../../../infra/local/providers/allthingstalk/cloud.ts';
import type { FaultName } from '../../../../../infra/local/providers/allthingstalk/faults/fault-kinds.ts';
import type { SeenAttempt } from '../../../../../infra/local/providers/allthingstalk/rules/seen-attempt.ts';
import { sim } from '../sim.ts';
import { receiveWebhooks, type WebhookReceiver } from '../webhook-receiver.ts';
import {
  assetIdOf,
  assetPath,
  CAMERA,
  type CallApi,
  groundApi,
  NODE,
  STATISTICS,
  set,
} from './allthingstalk-client.ts';
import { startCloud } from './start-cloud.ts';

interface Ruled {
  readonly cloud: AllthingstalkCloud;
  readonly receiver: WebhookReceiver;
  readonly api: CallApi;
  readonly ruleId: string;
}

async function ruled(rule: Readonly<Record<string, unknown>> = {}, name = 'Battery Level'): Promise<Ruled> {
  const cloud = await startCloud();
  const receiver = await receiveWebhooks();
  const api = groundApi(cloud);
  const assetId = await assetIdOf(api, NODE, name);
  const answer = await sim(cloud, 'POST', '/rules', { assetId, url: receiver.url, ...rule });
  const { ruleId } = (await answer.json()) as { ruleId: string };
  return { cloud, receiver, api, ruleId };
}

const tell = ({ api }: Ruled, value: unknown, name = 'Battery Level') =>
  api('PUT', `${assetPath(NODE, name)}/state`, { value });

async function told({ cloud, receiver }: Ruled): Promise<string[]> {
  await cloud.advance(0);
  return receiver.bodies;
}

describe('a rule', () => {
  it('sends the template with everything bound, and no signature', async () => {
    const rule = await ruled();
    await tell(rule, 40);
    expect(await told(rule)).toEqual([
      '{"source":"allthingstalk-rule","device":"Hallway node","asset":"Battery Level","value":"40"}',
    ]);
    expect(rule.receiver.headers[0]).toMatchObject({ 'content-type': 'application/json' });
  });

  it('binds other assets and devices, times, and titles', async () => {
    const rule = await ruled();
    const note = await assetIdOf(rule.api, STATISTICS, 'tags');
    await sim(rule.cloud, 'POST', `/rules/${rule.ruleId}`, {
      name: 'Low',
      body: `{{rule}}|{{ground}}|{{asset.title}}|{{device.id}}|{{at}}|{{value:${note}}}|{{device:${CAMERA}}}|{{none}}|`,
    });
    await tell(rule, 40);
    expect(await told(rule)).toEqual([
      `Low|Home|Battery|${NODE}|2026-01-15T17:00:00Z|["home","winter"]|Porch camera||`,
    ]);
  });

  it('pastes text as it is, so quotes in it spoil JSON', async () => {
    const rule = await ruled({ body: '{"value":"{{value}}"}' }, 'note');
    const assetId = await assetIdOf(rule.api, STATISTICS, 'note');
    await sim(rule.cloud, 'POST', '/rules', {
      assetId,
      url: rule.receiver.url,
      body: '{"value":"{{value}}"}',
    });
    await rule.api('PUT', `${assetPath(STATISTICS, 'note')}/command`, { value: 'a "b"' });
    expect(await told(rule)).toEqual(['{"value":"a "b""}']);
  });

  it.each(['PUT', 'GET'] as const)('calls with %s and its own headers', async (method) => {
    const rule = await ruled({ method, headers: { 'X-Secret': 'open sesame' } });
    await tell(rule, 40);
    expect(await told(rule)).toEqual([method === 'GET' ? '' : expect.stringContaining('"40"')]);
    expect(rule.receiver.headers[0]).toMatchObject({ 'x-secret': 'open sesame' });
    expect(rule.receiver.headers[0]).not.toHaveProperty('content-type');
  });

  it.each([
    ['>', '50', [40, 60, 70, 50, 51], 2],
    ['<', '50', [40, 60, 49], 2],
    ['>=', '50', [49, 50, 51], 1],
    ['<=', '50', [50, 51], 1],
    ['=', '50', [50, 50, 49, 50], 2],
    ['!=', '50', [50, 49], 1],
    ['any', '', [50, 50], 2],
    ['>', 'many', [50], 0],
  ])(
    'with %s %s fires when it comes to hold, not while it holds',
    async (comparison, operand, values, calls) => {
      const rule = await ruled({ comparison, operand });
      for (const value of values) await tell(rule, value);
      expect(await told(rule)).toHaveLength(calls);
    },
  );

  it('compares text and truth as text', async () => {
    const rule = await ruled({ comparison: '=', operand: 'true' }, 'motion');
    await tell(rule, false, 'motion');
    await tell(rule, true, 'motion');
    expect(await told(rule)).toHaveLength(1);
  });

  it('hears of what moves by itself', async () => {
    const rule = await ruled({}, 'temperature');
    await rule.cloud.advance(1800);
    expect(rule.receiver.bodies).toHaveLength(3);
  });

  it('calls nobody once it is switched off, or deleted', async () => {
    const rule = await ruled();
    await sim(rule.cloud, 'POST', `/rules/${rule.ruleId}`, { enabled: false });
    await tell(rule, 40);
    await sim(rule.cloud, 'POST', `/rules/${rule.ruleId}`, { enabled: true });
    rule.cloud.faults.set({ name: 'hook_late' });
    await tell(rule, 41);
    await sim(rule.cloud, 'DELETE', `/rules/${rule.ruleId}`);
    await rule.cloud.advance(60);
    expect(rule.receiver.bodies).toEqual([]);
  });

  it('can be fired by hand, with any body', async () => {
    const rule = await ruled();
    await sim(rule.cloud, 'POST', `/rules/${rule.ruleId}/fire`);
    await sim(rule.cloud, 'POST', `/rules/${rule.ruleId}/fire`, { body: 'nonsense' });
    expect(await told(rule)).toEqual([expect.stringContaining('"87"'), 'nonsense']);
  });
});

describe('the calls of rules', () => {
  it('are noted with their outcome, and without headers', async () => {
    const rule = await ruled({ headers: { 'X-Secret': 'open sesame' } });
    rule.receiver.status = 503;
    await tell(rule, 40);
    await rule.cloud.advance(0);
    const text = await (await sim(rule.cloud, 'GET', '/attempts')).text();
    expect(text).not.toContain('sesame');
    expect(JSON.parse(text) as SeenAttempt[]).toEqual([
      {
        at: '2026-01-15T17:00:00.000Z',
        ruleId: rule.ruleId,
        callId: expect.any(String),
        attempt: 1,
        method: 'POST',
        url: rule.receiver.url,
        delivered: false,
        status: 503,
        latencyMs: expect.any(Number),
      },
    ]);
  });

  it('give up at the deadline, and on an address where nobody is', async () => {
    const rule = await ruled();
    await set(rule.cloud, { webhookDeadlineMs: 50 });
    rule.receiver.status = 0;
    await tell(rule, 40);
    await rule.cloud.advance(0);
    await sim(rule.cloud, 'POST', `/rules/${rule.ruleId}`, { url: 'http://127.0.0.1:9/' });
    await tell(rule, 41);
    await rule.cloud.advance(0);
    const attempts = (await (await sim(rule.cloud, 'GET', '/attempts')).json()) as SeenAttempt[];
    expect(attempts.map(({ error }) => error)).toEqual([
      'no answer in 50 ms',
      expect.stringMatching(/ECONNREFUSED|bad port/),
    ]);
  });

  it('carry the value of the moment at which they are made', async () => {
    const rule = await ruled();
    rule.cloud.faults.set({ name: 'hook_late', times: 1, parameters: { seconds: 60 } });
    await tell(rule, 40);
    await rule.cloud.advance(30);
    expect(rule.receiver.bodies).toEqual([]);
    rule.cloud.faults.set({ name: 'hook_lost', times: 1 });
    await tell(rule, 41);
    await rule.cloud.advance(30);
    expect(rule.receiver.bodies).toEqual([expect.stringContaining('"41"')]);
  });

  it.each([
    ['hook_lost', {}, []],
    ['hook_repeated', { count: 3 }, ['40', '40', '40']],
    ['hook_junk', { body: 'no JSON' }, ['no JSON']],
    ['hook_junk', {}, ['']],
  ] as [FaultName, Record<string, unknown>, string[]][])(
    'are bent by %s %o',
    async (name, parameters, bodies) => {
      const rule = await ruled({ body: '{{value}}' });
      rule.cloud.faults.set({ name, parameters });
      await tell(rule, 40);
      expect(await told(rule)).toEqual(bodies);
    },
  );
});
