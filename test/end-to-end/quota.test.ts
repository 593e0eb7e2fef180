/** The budget of calls: what is spent, what is left, and what happens when the cloud wants no more. */
import { expect, test } from 'vitest';
import { useBench } from './bench.ts';
import { callsOf, firstModule, type Home, linkHome } from './home.ts';
import { until } from './until.ts';

const bench = await useBench();
const { client, legrand } = bench;

const poll = (home: Home) => client.call('GET', `/v1/modules/${firstModule(home).moduleId}?maxAge=0`);

async function callsCounted({ person: { userId } }: Home): Promise<number | undefined> {
  return (await legrand.people()).find((person) => person.userId === userId)?.callsToday;
}

test('says with every answer that spent a call what is left, as Legrand counts it', async () => {
  const home = await linkHome(bench);
  const answer = await poll(home);
  const counted = (await callsCounted(home)) ?? 0;
  expect(counted).toBeGreaterThan(3);
  expect(answer.headers.get('ratelimit-policy')).toBe('"day";q=500;w=86400');
  expect(answer.headers.get('ratelimit')).toMatch(new RegExp(`^"day";r=${500 - counted};t=\\d+$`));
  const { quota } = await client.account(home.accountId);
  expect(quota.windows).toMatchObject([
    { name: 'day', calls: 500, remaining: 500 - counted, reservedForCommands: 60 },
  ]);
  expect(quota).not.toHaveProperty('blockedUntil');
  const unspent = await client.call('GET', `/v1/modules/${firstModule(home).moduleId}`);
  expect(unspent.headers.get('ratelimit')).toBeNull();
});

test('counts a call that was refused, and says so on the problem', async () => {
  const home = await linkHome(bench);
  await legrand.fault({ name: 'gateway_offline', on: 'status', times: 1 });
  await legrand.fault({ name: 'request_timeout', on: 'status', times: 1 });
  await poll(home);
  const answer = await poll(home);
  expect(answer.status).toBe(504);
  expect(answer.headers.get('ratelimit')).toContain(`r=${500 - ((await callsCounted(home)) ?? 0)};`);
});

test.each([
  ['403', { status: 403 }],
  ['429', { status: 429 }],
  ['429 without Retry-After', { status: 429, retryAfter: false }],
])(
  'heeds the quota refusal with %s for as long as it says, and for that account only',
  async (_, parameters) => {
    const [home, other] = [await linkHome(bench), await linkHome(bench)];
    await legrand.fault({ name: 'quota_exceeded', on: 'status', times: 1, waitSeconds: 3, ...parameters });
    const refused = await poll(home);
    expect(refused.status).toBe(429);
    expect(await refused.json()).toMatchObject({
      code: 'provider_throttled',
      provider: { status: parameters.status, message: expect.stringContaining('00:00:03') },
    });

    const asked = await callsCounted(home);
    const second = await poll(home);
    expect(second.status).toBe(429);
    expect(Number(second.headers.get('retry-after'))).toBeLessThanOrEqual(3);
    expect(await second.json()).not.toHaveProperty('provider');
    expect(await callsCounted(home)).toBe(asked);
    const { quota, health, status } = await client.account(home.accountId);
    expect(status).toBe('linked');
    expect(health).toMatchObject({ state: 'degraded', cause: 'quota_used_up', actor: 'provider' });
    expect(health.nextActionAt).toBe(quota.blockedUntil);

    expect((await poll(other)).status).toBe(200);
    const again = await until(
      () => poll(home),
      (answer) => answer.status === 200,
    );
    expect(again.headers.get('ratelimit')).not.toBeNull();
    expect((await client.account(home.accountId)).health.state).toBe('good');
  },
);

test('waits for days where the cloud says days', async () => {
  const home = await linkHome(bench);
  await legrand.fault({ name: 'quota_exceeded', on: 'status', times: 1, days: 3 });
  await poll(home);
  const { blockedUntil = '' } = (await client.account(home.accountId)).quota;
  expect(Date.parse(blockedUntil) - Date.now()).toBeGreaterThan(3 * 86_400_000 - 5_000);
  const asked = (await callsOf(bench, home, 'set_status')).length;
  const command = await client.command(firstModule(home).moduleId, {
    action: 'set_setpoint',
    temperatureC: 21,
  });
  expect(command).toMatchObject({ status: 'failed', problem: { code: 'provider_throttled' } });
  expect((await callsOf(bench, home, 'set_status')).length).toBe(asked);
});
