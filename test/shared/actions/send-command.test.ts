/** What is repeated, what is put off, and what is never sent again: by what the simulated Legrand saw of it. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type CommandBench, openCommandBench } from './command-bench.ts';

let bench: CommandBench;
beforeEach(async () => {
  bench = await openCommandBench();
});
afterEach(() => bench.close());

const fault = (order: Record<string, unknown>) => bench.home.controls.fault({ on: 'set_status', ...order });
const at = (seconds: number) => bench.home.at(seconds);

/** Makes commands of a kind that must not be sent twice where the first may have worked. */
function pretendNotIdempotent(): void {
  const { provider } = bench.home.cloud;
  bench.home.pretend({
    prepare: (...wish) => ({ ...provider.prepare(...wish), isIdempotent: false }),
  });
}

describe('within the client’s patience', () => {
  test('somebody at the display is waited for', async () => {
    await fault({ name: 'busy', times: 2 });
    const began = bench.home.clock.now;
    expect(await bench.send()).toMatchObject({ status: 'succeeded', attempts: 3 });
    expect(await bench.seen()).toEqual([486, 486, 200]);
    expect(bench.home.clock.now - began).toBe(20_000);
  });

  test('a time-out is tried once more, and not again', async () => {
    await fault({ name: 'request_timeout' });
    expect(await bench.send()).toMatchObject({
      status: 'failed',
      attempts: 2,
      problem: { code: 'module_unreachable', provider: { status: 408 } },
    });
    expect(await bench.seen()).toEqual([408, 408]);
  });

  test('a server error is tried twice more, after two seconds and after four', async () => {
    await fault({ name: 'server_error' });
    const began = bench.home.clock.now;
    expect(await bench.send()).toMatchObject({ status: 'failed', attempts: 3 });
    expect(await bench.seen()).toEqual([500, 500, 500]);
    expect(bench.home.clock.now - began).toBe(6_000);
  });

  test('too many calls are followed by the pause that the cloud asks for', async () => {
    await fault({ name: 'too_many_requests', retryAfterSeconds: 12, times: 1 });
    const began = bench.home.clock.now;
    expect(await bench.send()).toMatchObject({ status: 'succeeded', attempts: 2 });
    expect(bench.home.clock.now - began).toBe(12_000);
  });
});

describe('never repeated is', () => {
  test.each([{ name: 'server_error' }, { name: 'request_timeout' }])(
    'what may have worked and must not work twice: %j',
    async (order) => {
      pretendNotIdempotent();
      await fault(order);
      expect(await bench.send()).toMatchObject({ status: 'failed', attempts: 1 });
      expect(await bench.seen()).toHaveLength(1);
    },
  );

  test('what the answer was lost of', async () => {
    await fault({ name: 'connection_reset', applied: true });
    const command = await bench.send();
    expect(command).toMatchObject({
      status: 'unknown',
      attempts: 1,
      problem: { code: 'provider_unavailable' },
    });
    expect(await bench.carryOn(3600)).toMatchObject({ due: 0 });
    expect(await bench.seen()).toHaveLength(1);
    expect(await bench.finished(command)).toMatchObject([{ status: 'unknown', attempts: 1 }]);
  });

  test('what a quota is used up for until tomorrow', async () => {
    await fault({ name: 'quota_exceeded' });
    const command = await bench.send();
    expect(command).toMatchObject({ status: 'failed', attempts: 1, problem: { code: 'provider_throttled' } });
    expect(command.problem?.retryAfterSeconds).toBeGreaterThan(300);
  });
});

describe('without patience', () => {
  test('somebody at the display is waited for by the schedule', async () => {
    await fault({ name: 'busy', times: 1 });
    const command = await bench.send({ patienceSeconds: 0 });
    expect(command).toMatchObject({
      status: 'waiting',
      attempts: 1,
      nextAttemptAt: at(10),
      problem: { code: 'module_busy' },
    });
    expect(await bench.carryOn(9)).toMatchObject({ due: 0 });
    expect(await bench.finished(command)).toEqual([]);
    expect(await bench.carryOn(1)).toMatchObject({ due: 1 });
    const shown = await bench.shown(command);
    expect(shown).toMatchObject({ status: 'succeeded', attempts: 2, sentAt: at(0) });
    expect(shown).not.toHaveProperty('problem');
    expect(shown).not.toHaveProperty('nextAttemptAt');
    expect(await bench.seen()).toEqual([486, 200]);
    expect(await bench.carryOn(3600)).toMatchObject({ due: 0 });
    expect(await bench.finished(command)).toMatchObject([{ status: 'succeeded', attempts: 2 }]);
  });

  test('a command that expires before the schedule comes to it is not sent late', async () => {
    await fault({ name: 'busy', times: 1 });
    const command = await bench.send({ patienceSeconds: 0, expiresAt: at(30) });
    expect(command.status).toBe('waiting');
    await bench.carryOn(30);
    expect(await bench.shown(command)).toMatchObject({
      status: 'expired',
      attempts: 1,
      problem: { code: 'command_expired' },
    });
    expect(await bench.seen()).toEqual([486]);
    expect(await bench.finished(command)).toMatchObject([{ status: 'expired' }]);
  });

  test('a command that would expire before its repeat says so at once, and what it was refused for', async () => {
    await fault({ name: 'busy' });
    const command = await bench.send({ expiresAt: at(10) });
    expect(command).toMatchObject({ status: 'expired', attempts: 1, problem: { provider: { status: 486 } } });
    expect(await bench.seen()).toEqual([486]);
  });

  test('of two runs of the schedule one sends', async () => {
    await fault({ name: 'busy', times: 1 });
    await bench.send({ patienceSeconds: 0 });
    bench.home.clock.now += 10_000;
    await Promise.all([bench.carryOn(0), bench.carryOn(0), bench.carryOn(0)]);
    expect(await bench.seen()).toEqual([486, 200]);
  });

  test('a module that is gone meanwhile ends the command', async () => {
    await fault({ name: 'busy', times: 1 });
    const command = await bench.send({ patienceSeconds: 0 });
    await bench.home.bench.store.modules.delete(bench.module);
    await bench.carryOn(10);
    expect(await bench.shown(command)).toMatchObject({
      status: 'failed',
      problem: { code: 'module_unknown' },
    });
  });
});

describe('a sender that is stopped', () => {
  test('in the middle of an attempt leaves it unknown, never sent again, and told', async () => {
    await fault({ name: 'connection_reset', applied: true });
    // Claimed and sent; what came of it is not written down.
    bench.home.bench.faults.add({ action: 'UpdateItem', effect: 'fail', skip: 2 });
    await expect(bench.send({ idempotencyKey: 'stopped' })).rejects.toThrow();
    const command = await bench.send({ idempotencyKey: 'stopped' });
    expect(command).toMatchObject({ status: 'sending', attempts: 1 });
    expect(await bench.carryOn(59)).toEqual({ due: 0, lost: 0 });
    expect(await bench.carryOn(1)).toEqual({ due: 1, lost: 1 });
    expect(await bench.shown(command)).toMatchObject({
      status: 'unknown',
      problem: { code: 'internal_error' },
    });
    expect(await bench.carryOn(3600)).toEqual({ due: 0, lost: 0 });
    expect(await bench.seen()).toHaveLength(1);
    expect(await bench.finished(command)).toMatchObject([{ status: 'unknown' }]);
  });

  test('before the first attempt leaves it to the schedule', async () => {
    bench.home.bench.faults.add({ action: 'UpdateItem', effect: 'fail' });
    await expect(bench.send({ idempotencyKey: 'accepted' })).rejects.toMatchObject({
      code: 'store_unavailable',
    });
    const command = await bench.send({ idempotencyKey: 'accepted' });
    expect(command).toMatchObject({ status: 'waiting', attempts: 0 });
    expect(await bench.seen()).toEqual([]);
    await bench.carryOn(30);
    expect(await bench.shown(command)).toMatchObject({ status: 'succeeded', attempts: 1 });
    expect(await bench.seen()).toEqual([200]);
  });
});

describe('a command for a version of the state', () => {
  test('is not sent when the world has moved on, and its key is not used up', async () => {
    const { module } = bench;
    const stale = { idempotencyKey: 'if-match', versions: [module.version - 1] };
    await expect(bench.send(stale)).rejects.toMatchObject({ code: 'module_changed' });
    expect(await bench.seen()).toEqual([]);
    const other = { action: 'set_setpoint', temperatureC: 19 } as const;
    const present = { idempotencyKey: 'if-match', versions: [module.version], wish: other };
    expect(await bench.send(present)).toMatchObject({ status: 'succeeded', wish: other });
  });
});
