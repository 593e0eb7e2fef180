import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type LinkedHome, readHome } from '../linked-home.ts';
import { type LegrandBench, NOW, openLegrand } from './legrand-bench.ts';

describe("Legrand's driver", () => {
  let bench: LegrandBench;
  let home: LinkedHome;

  beforeAll(async () => {
    bench = await openLegrand();
    home = await readHome(bench);
  });
  afterEach(() => bench.restore());
  afterAll(() => bench.close());

  const readState = () => bench.provider.state(bench.session, home.plant, home.modules);
  const setpoint = (temperatureC: number) =>
    bench.provider.prepare({ action: 'set_setpoint', temperatureC }, home, NOW).execute(bench.session);

  describe('reading the state', () => {
    it('leaves out what one thermostat does not answer', async () => {
      bench.cloud.faults.set({ name: 'request_timeout', on: 'status', times: 1 });
      expect((await readState()).map(({ moduleNativeId }) => moduleNativeId)).toEqual([
        home.modules[1]?.nativeId,
      ]);
    });

    it('says which thermostat is offline', async () => {
      bench.cloud.faults.set({ name: 'gateway_offline', on: 'status', times: 1 });
      expect((await readState()).map(({ reachable }) => reachable)).toEqual([false, true]);
    });

    it('throws when none answers', async () => {
      bench.cloud.faults.set({ name: 'request_timeout', on: 'status' });
      await expect(readState()).rejects.toMatchObject({ code: 'module_unreachable' });
    });

    it('stops at once when the quota is used up', async () => {
      bench.misbehave('quota_used_up');
      const sent = bench.session.sent();
      await expect(readState()).rejects.toMatchObject({ code: 'provider_throttled' });
      expect(bench.session.sent() - sent).toBe(1);
    });

    it('reports nothing for an answer without a thermostat', async () => {
      for (const missing of [true, false]) {
        bench.cloud.faults.set({ name: 'empty_chronothermostats', on: 'status', parameters: { missing } });
        expect(await readState()).toEqual([]);
      }
    });

    it('reads numbers that are numbers', async () => {
      const usual = await readState();
      bench.cloud.faults.set({ name: 'numbers_as_numbers' });
      expect(await readState()).toEqual(usual);
    });

    it('does not ask modules that it does not know', async () => {
      const modules = home.modules.map((module) => ({ ...module, device: 'unknown' as const }));
      expect(await bench.provider.state(bench.session, home.plant, modules)).toEqual([]);
    });
  });

  describe('commanding', () => {
    it('says when a busy thermostat can be asked again, and has changed nothing', async () => {
      const before = await readState();
      bench.cloud.faults.set({ name: 'busy', times: 1 });
      await expect(setpoint(23)).rejects.toMatchObject({
        code: 'module_busy',
        details: { repeatAfterSeconds: 10, provider: { status: 486 } },
      });
      expect(await readState()).toEqual(before);
      await setpoint(23);
      expect((await readState())[0]?.values.setpoint).toBe(23);
    });

    it.each([
      ['gateway_offline', 'module_unreachable'],
      ['request_timeout', 'module_unreachable'],
      ['wrong_input', 'provider_rejected'],
      ['password_expired', 'owner_action_required'],
      ['terms_expired', 'owner_action_required'],
      ['forbidden', 'provider_rejected'],
      ['too_many_requests', 'provider_throttled'],
      ['token_layer', 'account_unlinked'],
      ['not_acceptable', 'provider_rejected'],
      ['internal_error', 'provider_unavailable'],
    ] as const)('takes %s for %s', async (name, code) => {
      bench.cloud.faults.set({ name });
      await expect(setpoint(22)).rejects.toMatchObject({ code });
    });

    it('names the end of a mode on a clock that only tells its offset', async () => {
      const plant = { ...home.plant, timeZone: '+01:00' };
      const wish = { action: 'set_setpoint', temperatureC: 21, until: '2026-01-15T20:00:00Z' } as const;
      await bench.provider.prepare(wish, { plant, module: home.module }, NOW).execute(bench.session);
      expect((await readState())[0]?.values.mode_until).toBe('2026-01-15T20:00:00.000Z');
      bench.cloud.faults.set({ name: 'activation_time_form', parameters: { form: 'offset' } });
      expect((await readState())[0]?.values.mode_until).toBe('2026-01-15T20:00:00.000Z');
    });
  });

  it('blames the subscription key, not the access token, for a wrong key', async () => {
    const { session, cloud } = bench;
    const { send } = session;
    const withWrongKey: typeof session = {
      ...session,
      send: (request) =>
        send({ ...request, headers: { ...request.headers, 'ocp-apim-subscription-key': 'wrong' } }),
    };
    await expect(bench.provider.plants(withWrongKey, bench.account, NOW)).rejects.toMatchObject({
      code: 'config_invalid',
      message: expect.not.stringContaining(cloud.credentials.subscriptionKey),
    });
    const answer = session.lastAnswer();
    expect(answer && bench.provider.oauth.isAccessTokenRefused(answer)).toBe(false);
  });
});
