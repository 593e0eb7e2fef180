import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createFaults } from '../../../infra/local/aws/faults.ts';
import type { CallPurpose, CallWindow } from '../../../shared/domain/call-limits.ts';
import type { WindowLeft } from '../../../shared/domain/quota.ts';
import type { Session } from '../../../shared/providers/provider.ts';
import { createCallStanding } from '../../../shared/quota/call-standing.ts';
import { createLedger } from '../../../shared/quota/ledger.ts';
import { meteredSession } from '../../../shared/quota/metered-session.ts';
import { type LegrandBench, openLegrand } from '../providers/legrand/legrand-bench.ts';
import { useStore } from '../store/use-store.ts';

const NOW = Date.parse('2026-01-15T12:00:00Z');
const day: CallWindow = { name: 'day', seconds: 86_400, calls: 6, reserve: 2, kind: 'utc_midnight' };
const burst: CallWindow = { name: 'burst', seconds: 10, calls: 2, reserve: 0, kind: 'sliding' };

describe('a metered session', () => {
  const faults = createFaults();
  const { store } = useStore(faults);
  let bench: LegrandBench;
  beforeAll(async () => {
    bench = await openLegrand();
  });
  afterEach(() => {
    faults.clear();
    bench.cloud.faults.clear();
  });
  afterAll(() => bench.close());

  let accounts = 0;

  /** One account's sessions, with windows and a clock of their own; what they sent is counted by the cloud's session. */
  function anAccount(windows: readonly CallWindow[], remainingMs = 60_000) {
    const accountId = `acc_${String(++accounts).padStart(20, '0')}`;
    let now = NOW;
    const told: (readonly WindowLeft[])[] = [];
    const unnoted: string[] = [];
    const ledger = createLedger({
      quotas: store().quotas,
      now: () => now,
      sleep: async (ms) => {
        now += ms;
      },
      remainingMs: () => remainingMs,
      onSpent: (left) => told.push(left),
    });
    const provider = { ...bench.provider, limits: { account: windows } };
    const standing = createCallStanding(store(), () => now);
    const session = (purpose: CallPurpose): Session =>
      meteredSession(
        { ...bench.session, accountId },
        {
          ledger,
          standing,
          provider,
          purpose,
          onUnnoted: (_, { code }) => unnoted.push(code),
        },
      );
    const ask = (purpose: CallPurpose, beforeSend?: () => void | Promise<void>) =>
      session(purpose).send({
        method: 'GET',
        url: `${bench.cloud.apiUrl}/plants`,
        headers: { 'ocp-apim-subscription-key': bench.cloud.credentials.subscriptionKey },
        ...(beforeSend && { beforeSend }),
      });
    const pass = (ms: number) => {
      now += ms;
    };
    return { accountId, ask, told, unnoted, pass, elapsedMs: () => now - NOW };
  }

  it('refuses a poll where a command still passes, and nothing of what is refused leaves', async () => {
    const { ask, told } = anAccount([day]);
    const before = bench.session.sent();
    for (const purpose of ['state', 'topology', 'history', 'subscriptions'] as const)
      expect((await ask(purpose)).status).toBe(200);
    await expect(ask('state')).rejects.toMatchObject({
      code: 'provider_throttled',
      message: expect.stringContaining('kept for commands'),
      details: { retryAfterSeconds: 43_200, sent: false },
    });
    await ask('command');
    await ask('command');
    await expect(ask('command')).rejects.toMatchObject({ code: 'provider_throttled' });
    expect(bench.session.sent() - before).toBe(6);
    expect(told.map(([left]) => left?.remaining)).toEqual([5, 4, 3, 2, 1, 0]);
  });

  it('waits for a short window rather than failing, but not with a command and not without the time', async () => {
    const patient = anAccount([burst]);
    for (let call = 0; call < 3; call++) expect((await patient.ask('state')).status).toBe(200);
    expect(patient.elapsedMs()).toBeGreaterThanOrEqual(10_000);
    await patient.ask('command');
    await expect(patient.ask('command')).rejects.toMatchObject({ code: 'provider_throttled' });

    const hurried = anAccount([burst], 12_000);
    await hurried.ask('state');
    await hurried.ask('state');
    await expect(hurried.ask('state')).rejects.toMatchObject({ code: 'provider_throttled' });
    expect(hurried.elapsedMs()).toBe(0);
  });

  it('lets the caller keep a request back last thing', async () => {
    const { ask } = anAccount([day]);
    const before = bench.session.sent();
    const refusal = new Error('too late');
    await expect(
      ask('command', () => {
        throw refusal;
      }),
    ).rejects.toBe(refusal);
    expect(bench.session.sent()).toBe(before);
  });

  it('does not end a long pause with a short one that is asked for later', async () => {
    const { accountId, ask, pass } = anAccount([day]);
    bench.cloud.faults.set({ name: 'too_many_requests', times: 1, parameters: { retryAfterSeconds: 12 } });
    const answer = await ask('command', async () => {
      await store().quotas.note({ accountId }, () => ({ blockedUntil: '2026-01-15T12:10:00.000Z' }));
    });
    expect(answer.status).toBe(429);
    await expect(ask('command')).rejects.toMatchObject({
      message: expect.stringContaining('2026-01-15T12:10:00.000Z'),
      details: { retryAfterSeconds: 600 },
    });
    pass(600_000);
    expect((await ask('command')).status).toBe(200);
  });

  it('hands the answer on though the table does not take what it says of the account', async () => {
    const { accountId, ask, unnoted } = anAccount([day]);
    bench.cloud.faults.set({ name: 'too_many_requests', times: 1 });
    const answer = await ask('command', () => {
      faults.add({ action: 'PutItem', effect: 'fail', times: 10 });
    });
    expect(answer.status).toBe(429);
    expect(unnoted).toEqual(['store_unavailable']);
    expect(await store().quotas.get({ accountId })).not.toHaveProperty('blockedUntil');
  });
});
