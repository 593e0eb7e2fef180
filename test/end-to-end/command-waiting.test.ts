/** Commands over HTTP that are put off, meant for a version of the state, or sent together. */
import { describe, expect, test } from 'vitest';
import { BatchView, CommandView } from '../../shared/api/views.ts';
import { useBench } from './bench.ts';
import { callsOf, firstModule, linkHome } from './home.ts';
import { until } from './until.ts';

const bench = await useBench();
const { client, legrand, inside } = bench;

const wish = (temperatureC: number) => ({ action: 'set_setpoint', temperatureC });
const send = (path: string, body: object, headers: Record<string, string> = {}) =>
  client.call('POST', path, { body, headers });

describe('a command', () => {
  test('that has to wait is answered with 202, and told where to look and when', async () => {
    const home = await linkHome(bench);
    const path = `/v1/modules/${firstModule(home).moduleId}/commands`;
    await legrand.fault({ name: 'busy', times: 1 });
    const headers = { prefer: 'wait=0', 'idempotency-key': 'later' };
    const answer = await send(path, wish(22), headers);
    const command = CommandView.parse(await answer.json());
    expect(answer.status).toBe(202);
    expect(answer.headers.get('location')).toBe(`/v1/commands/${command.id}`);
    expect(answer.headers.get('preference-applied')).toBe('wait=0');
    expect(answer.headers.get('retry-after')).toMatch(/^([1-9]|10)$/);
    expect(command).toMatchObject({ status: 'waiting', attempts: 1, problem: { code: 'module_busy' } });

    const again = await send(path, wish(22), headers);
    expect([again.status, CommandView.parse(await again.json())]).toEqual([202, command]);
    const finished = await until(
      async () => {
        await inside.runSchedule('continue-commands');
        return await client.showCommand(command.id);
      },
      ({ status }) => status !== 'waiting',
    );
    expect(finished).toMatchObject({ status: 'succeeded', attempts: 2 });
    expect(await callsOf(bench, home, 'set_status')).toEqual(['set_status 486', 'set_status 200']);
  });

  test('that is final is answered with 200, and without a preference none is said to be applied', async () => {
    const home = await linkHome(bench);
    const answer = await send(`/v1/modules/${firstModule(home).moduleId}/commands`, wish(22));
    expect(answer.status).toBe(200);
    for (const name of ['location', 'retry-after', 'preference-applied'])
      expect(answer.headers.get(name)).toBeNull();
  });

  test('for a version is refused when the world has moved on', async () => {
    const home = await linkHome(bench);
    const { moduleId } = firstModule(home);
    const path = `/v1/modules/${moduleId}/commands`;
    const module = await client.call('GET', `/v1/modules/${moduleId}`);
    const tag = module.headers.get('etag') ?? '';
    const { version } = (await module.json()) as { version: number };
    expect(tag).toBe(`"${version}"`);
    const stale = await send(path, wish(22), { 'if-match': `"${version + 1}"` });
    expect(stale.status).toBe(412);
    expect(await stale.json()).toMatchObject({ code: 'module_changed' });
    expect((await send(path, wish(22), { 'if-match': String(version) })).status).toBe(400);
    expect(await callsOf(bench, home, 'set_status')).toEqual([]);
    expect((await send(path, wish(22), { 'if-match': tag })).status).toBe(200);
    expect((await send(path, wish(23), { 'if-match': '*' })).status).toBe(200);
  });
});

describe('a batch', () => {
  test('has a result per module, and waits as long as one of them does', async () => {
    const home = await linkHome(bench, [{ name: 'House', modules: ['Kitchen', 'Bath'] }]);
    const [plant] = await client.plants(home.accountId);
    const commands = home.modules.map(({ moduleId }) => ({ moduleId, ...wish(21) }));
    const path = `/v1/plants/${plant?.id}/commands`;
    const all = await send(path, { commands });
    expect(all.status).toBe(200);
    const { items } = BatchView.parse(await all.json());
    expect(items.map(({ moduleId, command }) => [moduleId, command?.status])).toEqual(
      home.modules.map(({ moduleId }) => [moduleId, 'succeeded']),
    );
    await legrand.fault({ name: 'busy', times: 1 });
    const some = await send(path, { commands }, { prefer: 'wait=0' });
    expect(some.status).toBe(202);
    expect(some.headers.get('retry-after')).toMatch(/^([1-9]|10)$/);
    const statuses = BatchView.parse(await some.json()).items.map(({ command }) => command?.status);
    expect(statuses.toSorted()).toEqual(['succeeded', 'waiting']);
  });

  test.each([
    ['of nothing', 0],
    ['that names a module twice', 2],
    ['of more than fifty', 51],
  ])('%s is refused', async (_, count) => {
    const home = await linkHome(bench);
    const { moduleId } = firstModule(home);
    const [plant] = await client.plants(home.accountId);
    const commands = Array.from({ length: count }, () => ({ moduleId, ...wish(21) }));
    expect((await send(`/v1/plants/${plant?.id}/commands`, { commands })).status).toBe(400);
    expect(await callsOf(bench, home, 'set_status')).toEqual([]);
  });
});

describe('a command to a plant as a whole', () => {
  test.each([
    [400, 'command_unsupported', { action: 'set_plant_mode', mode: 'away' }],
    [400, 'request_invalid', { action: 'set_plant_mode', mode: 'asleep' }],
    [400, 'request_invalid', wish(21)],
  ])('is answered with %i %s by a plant of Legrand’s: %j', async (status, code, body) => {
    const home = await linkHome(bench);
    const [plant] = await client.plants(home.accountId);
    const answer = await send(`/v1/plants/${plant?.id}/commands`, body);
    expect(answer.status).toBe(status);
    expect(await answer.json()).toMatchObject({ code });
    expect(await callsOf(bench, home, 'set_status')).toEqual([]);
  });
});
