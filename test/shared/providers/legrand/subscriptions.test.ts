import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { HeldSubscription, PlantWebhookApi } from '../../../../shared/providers/provider.ts';
import { type LinkedHome, readHome } from '../linked-home.ts';
import { plantWebhook } from '../webhook-breadth.ts';
import { createWebhookReceiver, type WebhookReceiver } from '../webhook-receiver.ts';
import { type LegrandBench, NOW, openLegrand } from './legrand-bench.ts';

describe("Legrand's subscriptions", () => {
  let bench: LegrandBench;
  let home: LinkedHome;
  let webhook: PlantWebhookApi;
  let receiver: WebhookReceiver;

  beforeAll(async () => {
    bench = await openLegrand();
    home = await readHome(bench);
    webhook = plantWebhook(bench.provider);
    receiver = await createWebhookReceiver(`/webhooks/legrand/${bench.account.accountId}.mac1`);
  });
  afterEach(async () => {
    bench.restore();
    for (const held of await listed()) await webhook.unsubscribe(bench.session, held);
  });
  afterAll(async () => {
    await bench.close();
    await receiver.close();
  });

  const listed = () => webhook.list(bench.session, '');
  const subscribe = (url: string): Promise<HeldSubscription> =>
    webhook.subscribe(bench.session, home.plant, url);

  it('replaces an earlier address of the same account that stands in the way', async () => {
    const stale = await subscribe(`${receiver.url}-of-the-epoch-before`);
    bench.cloud.faults.set({ name: 'subscription_limit' });
    const held = await subscribe(receiver.url);
    expect(held.subscriptionId).not.toBe(stale.subscriptionId);
    expect(await listed()).toEqual([held]);
  });

  it("never touches another application's, or another account's, that stands in the way", async () => {
    const { accountId } = bench.account;
    const others = [
      await subscribe('https://voice-assistant.example.net/legrand'),
      await subscribe(receiver.url.replace(accountId, 'acc_99999999999999999999')),
    ];
    bench.cloud.faults.set({ name: 'subscription_limit' });
    await expect(subscribe(receiver.url)).rejects.toMatchObject({
      code: 'provider_rejected',
      details: { provider: { status: 409 } },
    });
    expect(await listed()).toEqual(others);
  });

  it('asks once more only, when removing the earlier address did not help', async () => {
    await subscribe(`${receiver.url}-of-the-epoch-before`);
    bench.cloud.faults.set({ name: 'subscription_limit', parameters: { maximum: 0 } });
    const sent = bench.session.sent();
    await expect(subscribe(receiver.url)).rejects.toMatchObject({ code: 'provider_rejected' });
    // Subscribe, list, remove, subscribe.
    expect(bench.session.sent() - sent).toBe(4);
  });

  it('finds its subscription in the list when the answer has no JSON', async () => {
    bench.cloud.faults.set({ name: 'subscribe_without_json' });
    const held = await subscribe(receiver.url);
    expect(await listed()).toEqual([held]);
  });

  it('is refused an address that is not https', async () => {
    await expect(subscribe('http://hooks.example.net/legrand')).rejects.toMatchObject({
      code: 'provider_rejected',
      details: { provider: { status: 400 } },
    });
  });

  it.each([
    'bare_object',
    'single_envelope',
    'duplicate_event',
    'burst',
    'several_in_one_array',
    'out_of_order',
  ] as const)('delivers what can be read: %s', async (name) => {
    await subscribe(receiver.url);
    receiver.forget();
    bench.cloud.faults.set({ name });
    const temperatureC = nextTemperature();
    await bench.provider.prepare({ action: 'set_setpoint', temperatureC }, home, NOW).execute(bench.session);
    const body = await receiver.next((raw) => raw.includes(temperatureC.toFixed(5)));
    const deliveries = bench.intake.split(body);
    expect(deliveries).toHaveLength(name === 'several_in_one_array' ? 2 : 1);
    for (const { raw } of deliveries) {
      expect(bench.provider.translate(raw)).toMatchObject({
        kind: 'reports',
        reports: [{ moduleNativeId: home.module.nativeId, values: { setpoint: temperatureC } }],
      });
    }
  });

  it('is greeted with a handshake that is answered and says nothing of the home', async () => {
    receiver.forget();
    bench.cloud.faults.set({ name: 'validation_event' });
    await subscribe(receiver.url);
    const body = await receiver.next((raw) => raw.includes('ValidationEvent'));
    expect(bench.intake.reply?.(body)).toEqual({
      validationResponse: expect.stringMatching(/./),
      validationCode: expect.stringMatching(/./),
    });
    expect(bench.provider.translate(body).kind).toBe('ignored');
  });

  let temperatureC = 20;
  function nextTemperature(): number {
    temperatureC += 0.5;
    return temperatureC;
  }
});
