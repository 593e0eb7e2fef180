import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { PlantModules, Translation } from '../../../../shared/providers/provider.ts';
import { type LinkedHome, readHome } from '../linked-home.ts';
import { type LegrandBench, NOW, openLegrand } from './legrand-bench.ts';
import { envelope, PLANT } from './samples.ts';

describe("Legrand's driver", () => {
  let bench: LegrandBench;
  let home: LinkedHome;

  beforeAll(async () => {
    bench = await openLegrand();
    home = await readHome(bench);
  });
  afterEach(() => bench.restore());
  afterAll(() => bench.close());

  const stateOf = ({ plant, modules }: PlantModules) =>
    Array.fromAsync(bench.provider.state(bench.session, [{ plant, modules }]));
  const readState = () => stateOf(home);
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
      expect(await stateOf({ plant: home.plant, modules })).toEqual([]);
    });
  });

  describe('commanding', () => {
    it('says when a busy thermostat can be asked again, and has changed nothing', async () => {
      const before = await readState();
      bench.cloud.faults.set({ name: 'busy', times: 1 });
      await expect(setpoint(23)).rejects.toMatchObject({
        code: 'module_busy',
        details: { repeat: { afterSeconds: 10 }, provider: { status: 486 } },
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

  it.each(['empty_body', 'bad_gateway'] as const)(
    'takes a 200 without JSON for an outage: %s',
    async (name) => {
      const parameters = name === 'bad_gateway' ? { status: 200 } : {};
      bench.cloud.faults.set({ name, on: 'status', parameters });
      await expect(readState()).rejects.toMatchObject({ code: 'provider_unavailable' });
    },
  );

  it('reads wall-clock times of a delivery in the zone of its plant, else in the default zone', () => {
    const raw = JSON.stringify([envelope()]);
    const until = (translation: Translation) =>
      translation.kind === 'reports' ? translation.reports[0]?.values.mode_until : undefined;
    const { translate } = bench.provider;
    expect(until(translate(raw, (plantId) => (plantId === PLANT ? 'Asia/Tokyo' : undefined)))).toBe(
      '2026-01-15T13:30:00.000Z',
    );
    expect(until(translate(raw, () => undefined))).toBe('2026-01-15T21:30:00.000Z');
    expect(until(translate(raw))).toBe('2026-01-15T21:30:00.000Z');
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
