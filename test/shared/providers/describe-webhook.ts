import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PlainTranslation, Report } from '../../../shared/providers/provider.ts';
import { type LinkedHome, readHome } from './linked-home.ts';
import { type ProviderBench, type ProviderSetup, targetOf } from './provider-setup.ts';
import { byHandWebhook, listen, plantWebhook } from './webhook-breadth.ts';
import { createWebhookReceiver, type WebhookReceiver } from './webhook-receiver.ts';

/** Bodies that a webhook address gets from scanners, proxies and broken clouds. */
const junk = [
  '',
  'hello',
  '{',
  'null',
  '42',
  '[]',
  '[null]',
  '{}',
  '[[]]',
  '\u0000',
  '{"data":null}',
  '['.repeat(50_000),
];

/** Subscriptions, and what comes of them. */
export function describeWebhook(bench: () => ProviderBench, setup: ProviderSetup): void {
  it('never throws at junk', () => {
    const { provider, intake } = bench();
    for (const body of junk) {
      expect(['ignored', 'unreadable']).toContain(provider.translate(body).kind);
      expect(intake.split(body).map(({ raw }) => raw)).toEqual([body]);
      expect(intake.reply?.(body)).toBeUndefined();
    }
  });

  describe('by its webhook', () => {
    let receiver: WebhookReceiver;
    let home: LinkedHome;

    beforeAll(async () => {
      receiver = await createWebhookReceiver(`/webhooks/${bench().account.accountId}.0000`);
      home = await readHome(bench());
    });
    afterAll(() => receiver.close());

    if (setup.breadth === 'by_hand') describeTemplate(bench, () => home);
    else
      describeAddress(
        bench,
        () => home,
        () => receiver.url,
      );
    if (setup.breadth === 'plant')
      describeSubscriptions(
        bench,
        () => home,
        () => receiver.url,
      );
    describeDeliveries(
      bench,
      setup,
      () => home,
      () => receiver,
    );
  });
}

function describeAddress(bench: () => ProviderBench, home: () => LinkedHome, url: () => string): void {
  it('is told to the cloud, and taken back, however often that is asked for', async () => {
    const { provider, session } = bench();
    await listen(bench(), home().plant, url());
    await listen(bench(), home().plant, url());
    const { webhook } = provider;
    if (webhook?.breadth === 'account') {
      await webhook.drop(session);
      await webhook.drop(session);
      return;
    }
    const [held] = await plantWebhook(provider).list(session, url());
    if (held) await plantWebhook(provider).unsubscribe(session, held);
    expect(await plantWebhook(provider).list(session, url())).toEqual([]);
  });
}

/** What no call can tell the cloud, the owner pastes there. */
function describeTemplate(bench: () => ProviderBench, home: () => LinkedHome): void {
  it('gives the owner a body to paste, which tells nothing as long as nothing is bound in it', () => {
    const { provider, intake } = bench();
    const { bodyTemplate } = byHandWebhook(provider);
    expect(intake.split(bodyTemplate).map(({ raw }) => raw)).toEqual([bodyTemplate]);
    expect(translated(bench(), home(), bodyTemplate)).toEqual({
      kind: 'unreadable',
      reason: expect.stringMatching(/./),
    });
  });
}

function describeSubscriptions(bench: () => ProviderBench, home: () => LinkedHome, url: () => string): void {
  it('subscribes once, however often it is asked', async () => {
    const { session } = bench();
    const webhook = plantWebhook(bench().provider);
    const first = await webhook.subscribe(session, home().plant, url());
    expect(first).toEqual({
      subscriptionId: expect.stringMatching(/./),
      plantNativeId: home().plant.nativeId,
      url: url(),
    });
    expect(await webhook.subscribe(session, home().plant, url())).toEqual(first);
    expect(await webhook.list(session, url())).toEqual([first]);
  });

  it('lists only its own subscriptions', async () => {
    const { session, misbehave } = bench();
    const webhook = plantWebhook(bench().provider);
    const held = await webhook.subscribe(session, home().plant, url());
    await misbehave('foreign_subscriptions');
    expect(await webhook.list(session, url())).toEqual([held]);
    expect(await webhook.list(session, `${url()}/elsewhere`)).toEqual([]);
  });

  it('unsubscribes, also when that was done already', async () => {
    const { session } = bench();
    const webhook = plantWebhook(bench().provider);
    const held = await webhook.subscribe(session, home().plant, url());
    await webhook.unsubscribe(session, held);
    await webhook.unsubscribe(session, held);
    expect(await webhook.list(session, url())).toEqual([]);
  });
}

function describeDeliveries(
  bench: () => ProviderBench,
  { wishes, toldOnceActed }: ProviderSetup,
  home: () => LinkedHome,
  receiver: () => WebhookReceiver,
): void {
  it('tells of a command what the state tells as well', async () => {
    const { provider, session, now, settle } = bench();
    const { plant, modules } = home();
    await listen(bench(), plant, receiver().url);
    for (const named of wishes.filter(({ told }) => told !== 'nothing')) {
      const module = targetOf(named, modules);
      const prepared = provider.prepare(named.wish(now()), { plant, module }, now());
      receiver().forget();
      await prepared.execute(session);
      if (toldOnceActed) await settle();
      const isOfCommand = (raw: string) => shows(reportsOf(bench(), home(), raw), prepared.expects);
      const body = await receiver().next(isOfCommand);
      if (named.told === 'change') continue;
      const [state] = await Array.fromAsync(provider.state(session, [{ plant, modules: [module] }]));
      const told = reportsOf(bench(), home(), body).map(withoutTimes);
      expect(told).toContainEqual(state && withoutTimes(state));
    }
  });

  it('is the same delivery when it comes again, and another one when it is another', async () => {
    const { provider, intake, session, now, settle } = bench();
    const { plant, modules } = home();
    await listen(bench(), plant, receiver().url);
    const seen: string[] = [];
    for (const named of wishes.filter(({ told }) => told !== 'nothing').slice(0, 2)) {
      receiver().forget();
      const target = { plant, module: targetOf(named, modules) };
      await provider.prepare(named.wish(now()), target, now()).execute(session);
      if (toldOnceActed) await settle();
      seen.push(await receiver().next((raw) => !seen.includes(raw)));
    }
    const [one, other] = seen.map((body) => intake.split(body));
    expect(seen).toHaveLength(2);
    expect(intake.split(seen[0] ?? '')).toEqual(one);
    expect(one?.map(identityOf)).not.toEqual(other?.map(identityOf));
  });
}

function translated(
  { provider }: ProviderBench,
  { plant, modules }: LinkedHome,
  raw: string,
): PlainTranslation {
  const translation = provider.translate(raw, () => plant.timeZone);
  return translation.kind === 'by_modules' ? translation.read(modules) : translation;
}

function reportsOf(bench: ProviderBench, home: LinkedHome, body: string): Report[] {
  return bench.intake.split(body).flatMap(({ raw }) => {
    const translation = translated(bench, home, raw);
    if (translation.kind !== 'reports') return [];
    const { reports, ambients = [] } = translation;
    // Of whatever is in the ambient: for a test, of what it is compared to.
    return [...reports, ...ambients.map((report) => ({ ...report, moduleNativeId: report.ambientId }))];
  });
}

function shows(reports: readonly Report[], expected: Report['values']): boolean {
  return reports.some(({ values }) =>
    Object.entries(expected).every(([name, value]) => values[name as keyof typeof values] === value),
  );
}

function withoutTimes({ observedAt: _, reachable: __, ...report }: Report): Partial<Report> {
  return report;
}

function identityOf({ eventId, raw }: { eventId?: string; raw: string }): string {
  return eventId ?? raw;
}
