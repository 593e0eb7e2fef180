/** Commands: what reaches the thermostat, what comes back, and what happens when it does not go well. */
import { describe, expect, test } from 'vitest';
import { useBench } from './bench.ts';
import {
  awaitEvent,
  callsOf,
  firstModule,
  type Home,
  linkHome,
  observed,
  readingOf,
  thermostatOf,
} from './home.ts';

const bench = await useBench();
const { client } = bench;

const MINUTE_MS = 60_000;
const QUARTER_MS = 15 * MINUTE_MS;
/** A zone without summer time and with half an hour, so that no other zone can pass for it. */
const KOLKATA = { timeZone: 'Asia/Kolkata', offsetMs: 330 * MINUTE_MS };

const linkInKolkata = () => linkHome(bench, [{ name: 'Bungalow', timeZone: KOLKATA.timeZone }]);

/** The next full quarter but three: in the future however long the test takes. */
function quarterAhead(): { utc: string; wall: string } {
  const epochMs = (Math.floor(Date.now() / QUARTER_MS) + 4) * QUARTER_MS;
  const wall = new Date(epochMs + KOLKATA.offsetMs).toISOString().slice(0, 19);
  return { utc: new Date(epochMs).toISOString(), wall };
}

let shared: Promise<Home> | undefined;
/** For commands that change nothing. */
function oneHome(): Promise<Home> {
  shared ??= linkHome(bench);
  return shared;
}

async function refusalOf(home: Home, body: unknown) {
  const path = `/v1/modules/${firstModule(home).moduleId}/commands`;
  const answer = await client.call('POST', path, { body });
  return { status: answer.status, problem: (await answer.json()) as Record<string, unknown> };
}

describe('a command', () => {
  test('sets a temperature until a time, by the clock on the plant’s wall, and is seen to have worked', async () => {
    const home = await linkInKolkata();
    const { moduleId, nativeId } = firstModule(home);
    const end = quarterAhead();
    const command = await client.command(moduleId, {
      action: 'set_setpoint',
      temperatureC: 21.5,
      until: end.utc,
    });
    expect(command).toMatchObject({ moduleId, status: 'succeeded', wish: { temperatureC: 21.5 } });
    const { acceptedAt, sentAt = '', acknowledgedAt = '' } = command;
    expect([acceptedAt, sentAt, acknowledgedAt].toSorted()).toEqual([acceptedAt, sentAt, acknowledgedAt]);
    expect(await thermostatOf(bench, nativeId)).toMatchObject({
      function: 'HEATING',
      mode: 'MANUAL',
      manualC: 21.5,
      activation: { endWall: end.wall },
    });

    const { observedAt = '' } = await observed(bench, command);
    expect(observedAt >= sentAt).toBe(true);
    const module = await client.module(moduleId);
    expect(readingOf(module, 'setpoint')).toBe(21.5);
    expect(readingOf(module, 'mode')).toBe('manual');
    expect(readingOf(module, 'mode_until')).toBe(end.utc);
    const { event } = await awaitEvent(
      bench,
      home.accountId,
      ({ type, subject }) => type === 'latchkey.command.finished' && subject === command.id,
    );
    expect(event.data).toMatchObject({ moduleId, status: 'succeeded', acknowledgedAt });
  });

  test('sets every mode that the thermostat has', async () => {
    const home = await linkInKolkata();
    const { moduleId, nativeId } = firstModule(home);
    const end = quarterAhead();
    for (const [wish, thermostat] of [
      [{ mode: 'protection' }, { mode: 'PROTECTION' }],
      [
        { mode: 'automatic', program: '3' },
        { mode: 'AUTOMATIC', programNumber: 3 },
      ],
      [{ mode: 'manual' }, { mode: 'MANUAL' }],
      [{ mode: 'off' }, { mode: 'OFF' }],
      [
        { mode: 'off', until: end.utc },
        { mode: 'OFF', activation: { endWall: end.wall } },
      ],
      [{ mode: 'automatic' }, { mode: 'AUTOMATIC', programNumber: 3 }],
    ] as const) {
      const command = await client.command(moduleId, { action: 'set_mode', ...wish });
      expect(command.status, JSON.stringify(command.problem)).toBe('succeeded');
      expect(await thermostatOf(bench, nativeId)).toMatchObject(thermostat);
      await observed(bench, command);
    }
  });

  test('boosts for thirty minutes from now, by the clock on the wall', async () => {
    const home = await linkInKolkata();
    const { moduleId, nativeId } = firstModule(home);
    const command = await client.command(moduleId, { action: 'set_mode', mode: 'boost', minutes: 30 });
    expect(command.status).toBe('succeeded');
    const { mode, activation } = await thermostatOf(bench, nativeId);
    expect(mode).toBe('BOOST');
    const startMs = Date.parse(`${activation?.startWall}Z`) - KOLKATA.offsetMs;
    const endMs = Date.parse(`${activation?.endWall}Z`) - KOLKATA.offsetMs;
    expect(endMs - startMs).toBe(30 * MINUTE_MS);
    expect(Math.abs(Date.now() - startMs)).toBeLessThan(2 * MINUTE_MS);
    await observed(bench, command);
  });

  test.each([
    [{ action: 'set_mode', mode: 'boost', minutes: 45 }, 'minutes', /30, 60 or 90/],
    [{ action: 'set_mode', mode: 'boost' }, 'minutes', /30, 60 or 90/],
    [{ action: 'set_mode', mode: 'automatic', program: '12' }, 'program', /it has 0, 1, 2/],
    [{ action: 'set_setpoint', temperatureC: 6.5 }, 'temperatureC', /between 7 and 40/],
    [{ action: 'set_setpoint', temperatureC: 20.05 }, 'temperatureC', /steps of 0.1/],
    [{ action: 'set_setpoint', temperatureC: 20, until: '2020-01-01T00:00:00Z' }, 'until', /in the future/],
    [{ action: 'set_setpoint', temperatureC: 'warm' }, 'temperatureC', /number/i],
    [{ action: 'set_setpoint', temperatureC: 20, untill: 1 }, 'body', /untill/],
    [{ action: 'dance' }, 'action', /./],
    [{}, 'action', /./],
  ])('%j is refused and says why', async (body, field, reason) => {
    const home = await oneHome();
    const { status, problem } = await refusalOf(home, body);
    expect(status).toBe(400);
    expect(problem.code).toBe('request_invalid');
    expect((problem.fields as Record<string, string>)[field]).toMatch(reason);
    expect(await callsOf(bench, home, 'set_status')).toEqual([]);
  });

  test('that the thermostat does not have is refused with something else to do', async () => {
    const home = await oneHome();
    const { status, problem } = await refusalOf(home, { action: 'set_mode', mode: 'away' });
    expect(status).toBe(400);
    expect(problem).toMatchObject({
      code: 'command_unsupported',
      remedy: expect.stringContaining('protection'),
    });
    expect(await callsOf(bench, home, 'set_status')).toEqual([]);
  });

  test('for a module that is not there, or without JSON, is refused', async () => {
    const { moduleId } = firstModule(await oneHome());
    const body = { action: 'set_mode', mode: 'off' };
    const unknown = `${moduleId.slice(0, -1)}${moduleId.endsWith('0') ? '1' : '0'}`;
    for (const [path, status, code] of [
      [unknown, 404, 'module_unknown'],
      ['mod_of_no_such_shape', 400, 'request_invalid'],
    ] as const) {
      const answer = await client.call('POST', `/v1/modules/${path}/commands`, { body });
      expect(answer.status).toBe(status);
      expect(await answer.json()).toMatchObject({ code });
    }
    const headers = { authorization: `Bearer ${bench.token}`, 'content-type': 'application/json' };
    const url = `${bench.api}/v1/modules/${moduleId}/commands`;
    const broken = await fetch(url, { method: 'POST', headers, body: '{"action":' });
    expect(broken.status).toBe(400);
    expect(await broken.json()).toMatchObject({ code: 'request_invalid', fields: { body: 'is not JSON' } });
    expect((await client.call('GET', `/v1/commands/cmd_${'0'.repeat(20)}_${'0'.repeat(16)}`)).status).toBe(
      404,
    );
  });

  test('that has expired is not sent', async () => {
    const home = await linkHome(bench);
    const command = await client.command(firstModule(home).moduleId, {
      action: 'set_mode',
      mode: 'off',
      expiresAt: new Date(Date.now() - 1000).toISOString(),
    });
    expect(command).toMatchObject({ status: 'expired', problem: { code: 'command_expired' } });
    expect(command).not.toHaveProperty('sentAt');
    expect(await callsOf(bench, home, 'set_status')).toEqual([]);
    await awaitEvent(
      bench,
      home.accountId,
      ({ type, data }) => type === 'latchkey.command.finished' && data.status === 'expired',
    );
  });
});

describe('an idempotency key', () => {
  test('sends a command once however often it comes, and refuses another under its name', async () => {
    const home = await linkHome(bench);
    const { moduleId } = firstModule(home);
    const wish = { action: 'set_setpoint', temperatureC: 19.5 };
    // Three that are warm: cold ones would come one after the other.
    const unknown = `/v1/commands/cmd_${'0'.repeat(20)}_${'0'.repeat(16)}`;
    await Promise.all([1, 2, 3].map(() => client.call('GET', unknown)));
    const atOnce = await Promise.all([1, 2, 3].map(() => client.command(moduleId, wish, 'key-1')));
    const first = atOnce.find(({ status }) => status === 'succeeded');
    expect(new Set(atOnce.map(({ id }) => id))).toEqual(new Set([first?.id]));
    const later = await client.command(moduleId, wish, 'key-1');
    expect(later).toMatchObject({ id: first?.id, status: 'succeeded', sentAt: first?.sentAt });
    expect(await callsOf(bench, home, 'set_status')).toEqual(['set_status 200']);

    const other = await client.call('POST', `/v1/modules/${moduleId}/commands`, {
      body: { ...wish, temperatureC: 19.6 },
      headers: { 'idempotency-key': 'key-1' },
    });
    expect(other.status).toBe(422);
    expect(await other.json()).toMatchObject({ code: 'command_conflict' });
    expect((await client.command(moduleId, wish, 'key-2')).id).not.toBe(first?.id);
  });
});
