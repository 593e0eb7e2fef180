/** Commands that Legrand refuses, that somebody at the thermostat is in the way of, or whose answer is lost. */
import { describe, expect, test } from 'vitest';
import { useBench } from './bench.ts';
import { awaitEvent, callsOf, firstModule, linkHome, observed, readingOf, thermostatOf } from './home.ts';

const bench = await useBench();
const { client, legrand, inside } = bench;

const setpoint = (temperatureC: number) => ({ action: 'set_setpoint', temperatureC });

describe('a command that is refused', () => {
  test.each([
    [{ name: 'wrong_input' }, { code: 'provider_rejected', provider: { status: 430 } }],
    [
      { name: 'password_expired', on: 'set_status' },
      {
        code: 'owner_action_required',
        provider: { status: 469 },
        remedy: expect.stringContaining('renew the password'),
      },
    ],
    [
      { name: 'terms_expired', on: 'set_status' },
      {
        code: 'owner_action_required',
        provider: { status: 470 },
        remedy: expect.stringContaining('accept the terms'),
      },
    ],
    [
      { name: 'forbidden', on: 'set_status' },
      { code: 'provider_rejected', remedy: expect.stringContaining('scopes') },
    ],
    [
      { name: 'too_many_requests', on: 'set_status', retryAfterSeconds: 301 },
      { code: 'provider_throttled', retryAfterSeconds: 301, provider: { status: 429 } },
    ],
    [
      { name: 'server_error', on: 'set_status' },
      { code: 'provider_unavailable', provider: { status: 500 } },
    ],
    [
      { name: 'bad_gateway', on: 'set_status' },
      { code: 'provider_unavailable', provider: { status: 502 } },
    ],
  ])('by %j has failed, and says why and what to do', async (fault, problem) => {
    const home = await linkHome(bench);
    const { moduleId, nativeId } = firstModule(home);
    await legrand.fault(fault);
    const command = await client.command(moduleId, setpoint(23));
    expect(command).toMatchObject({ status: 'failed', problem });
    expect(command).not.toHaveProperty('acknowledgedAt');
    expect(await client.showCommand(command.id)).toEqual(command);
    expect((await thermostatOf(bench, nativeId)).mode).toBe('AUTOMATIC');
    const { event } = await awaitEvent(
      bench,
      home.accountId,
      ({ type, subject }) => type === 'latchkey.command.finished' && subject === command.id,
    );
    expect(event.data).toMatchObject({ status: 'failed', problem });
    // One refusal is no reason to give up the account; what the owner has to do shows on it until a call is accepted.
    const needsOwner = problem.code === 'owner_action_required';
    const { status, health } = await client.account(home.accountId);
    expect(status).toBe(needsOwner ? 'owner_action_required' : 'linked');
    if (!needsOwner) return;
    expect(health).toMatchObject({ state: 'failed', cause: 'provider_terms', actor: 'owner' });
    await legrand.clearFaults();
    expect((await client.command(moduleId, setpoint(24))).status).toBe('succeeded');
    expect(await client.account(home.accountId)).toMatchObject({
      status: 'linked',
      health: { state: 'good' },
    });
  });

  test('because the day’s calls are used up says when there will be more', async () => {
    const home = await linkHome(bench);
    await legrand.setCalls(home.person.userId, 500);
    const { status, problem } = await client.command(firstModule(home).moduleId, setpoint(23));
    expect(status).toBe('failed');
    expect(problem).toMatchObject({
      code: 'provider_throttled',
      provider: { status: 403, message: expect.stringContaining('Out of call volume quota') },
    });
    expect(problem?.retryAfterSeconds).toBeGreaterThan(0);
    expect(problem?.retryAfterSeconds).toBeLessThanOrEqual(86_400);
  });

  test('because the thermostat is off the network says so', async () => {
    const home = await linkHome(bench);
    const { moduleId, nativeId } = firstModule(home);
    await legrand.touch({ moduleId: nativeId, reachable: false });
    const { status, problem } = await client.command(moduleId, setpoint(23));
    expect(status).toBe('failed');
    expect(problem).toMatchObject({ code: 'module_unreachable', remedy: expect.stringContaining('Wi-Fi') });
  });

  test('because of its token, new as it is, costs one refresh and not another with every command', async () => {
    const home = await linkHome(bench);
    const { moduleId } = firstModule(home);
    await legrand.fault({ name: 'access_token_expired', on: 'set_status' });
    const before = (await callsOf(bench, home, 'token')).length;
    for (const temperatureC of [22, 23]) {
      const { status, problem } = await client.command(moduleId, setpoint(temperatureC));
      expect([status, problem?.code]).toEqual(['failed', 'account_unlinked']);
    }
    expect((await callsOf(bench, home, 'token')).slice(before)).toEqual(['token 200']);
    await legrand.clearFaults();
    expect((await client.command(moduleId, setpoint(24))).status).toBe('succeeded');
  });
});

describe('a command', () => {
  test('waits for the hand at the thermostat, and goes through', async () => {
    const home = await linkHome(bench);
    const { moduleId, nativeId } = firstModule(home);
    await legrand.fault({ name: 'busy', times: 1 });
    const command = await client.command(moduleId, setpoint(22.5));
    expect(command.status, JSON.stringify(command.problem)).toBe('succeeded');
    expect(await callsOf(bench, home, 'set_status')).toEqual(['set_status 486', 'set_status 200']);
    const { acceptedAt, sentAt = '' } = command;
    expect(Date.parse(sentAt) - Date.parse(acceptedAt)).toBeGreaterThanOrEqual(10_000);
    expect((await thermostatOf(bench, nativeId)).manualC).toBe(22.5);
  });

  test('is seen to have worked by asking where no webhook tells', async () => {
    const home = await linkHome(bench);
    const { moduleId } = firstModule(home);
    await legrand.fault({ name: 'webhook_lost' });
    const command = await client.command(moduleId, setpoint(22.5));
    expect(command.status).toBe('succeeded');
    await inside.settle();
    expect((await client.showCommand(command.id)).observedAt).toBeUndefined();

    await client.call('POST', `/v1/accounts/${home.accountId}/sync`);
    await inside.runSchedule('sync-accounts');
    await observed(bench, command);
    expect(readingOf(await client.module(moduleId), 'setpoint')).toBe(22.5);
  });

  test('whose answer was lost is unknown until its effect is seen', async () => {
    const home = await linkHome(bench);
    const { moduleId, nativeId } = firstModule(home);
    await legrand.fault({ name: 'connection_reset', on: 'set_status', applied: true, times: 1 });
    const command = await client.command(moduleId, setpoint(23.5));
    expect(command).toMatchObject({ status: 'unknown', problem: { code: 'provider_unavailable' } });
    expect((await thermostatOf(bench, nativeId)).manualC).toBe(23.5);
    expect(await observed(bench, command)).toMatchObject({ status: 'unknown' });
  });

  test('that may never have arrived stays unknown, and is not sent a second time', async () => {
    const home = await linkHome(bench);
    const { moduleId, nativeId } = firstModule(home);
    await legrand.fault({ name: 'connection_reset', on: 'set_status', times: 1 });
    const command = await client.command(moduleId, setpoint(23.5), 'once');
    expect(command.status).toBe('unknown');
    expect(await client.command(moduleId, setpoint(23.5), 'once')).toEqual(command);
    expect((await thermostatOf(bench, nativeId)).mode).toBe('AUTOMATIC');
    await client.module(moduleId, 0);
    await inside.settle();
    expect((await client.showCommand(command.id)).observedAt).toBeUndefined();
  });

  test('with an access token that has expired at Legrand refreshes once and repeats once', async () => {
    const home = await linkHome(bench);
    const { moduleId, nativeId } = firstModule(home);
    const before = (await callsOf(bench, home, 'set_status', 'token')).length;
    // Legrand's clock stays ahead from here on, which is why this comes last.
    await legrand.advance(7200);
    const command = await client.command(moduleId, setpoint(24.5));
    expect(command.status, JSON.stringify(command.problem)).toBe('succeeded');
    expect((await callsOf(bench, home, 'set_status', 'token')).slice(before)).toEqual([
      'set_status 401',
      'token 200',
      'set_status 200',
    ]);
    expect((await thermostatOf(bench, nativeId)).manualC).toBe(24.5);
    expect((await client.account(home.accountId)).tokens?.generation).toBe(2);
  });
});
