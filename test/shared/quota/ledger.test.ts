import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { CallLimits, CallPurpose, CallWindow } from '../../../shared/domain/call-limits.ts';
import { LatchkeyError } from '../../../shared/domain/error.ts';
import type { ProviderName } from '../../../shared/domain/provider-name.ts';
import { createLedger } from '../../../shared/quota/ledger.ts';
import { times, useStore } from '../store/use-store.ts';

const START = Date.parse('2026-01-15T12:00:00Z');
const aWindow = (changes: Partial<CallWindow>): CallWindow => ({
  name: 'hour',
  seconds: 3_600,
  calls: 50,
  reserve: 0,
  kind: 'sliding',
  ...changes,
});
const both = (account: Partial<CallWindow>, application: Partial<CallWindow>): CallLimits => ({
  account: [aWindow(account)],
  application: () => [aWindow(application)],
});
const shared = { application: 'netatmo' } as const;

describe('the ledger', () => {
  const { store, table, dynamodb } = useStore();
  const sent: string[] = [];
  let now = START;
  let accounts = 0;
  beforeAll(() => {
    const note = { step: 'initialize', name: 'noteCalls' } as const;
    dynamodb().middlewareStack.add((next, { commandName }) => {
      return (args) => {
        sent.push(String(commandName));
        return next(args);
      };
    }, note);
  });
  beforeEach(async () => {
    now = START;
    await forgetApplication();
  });

  const anAccount = (provider: ProviderName = 'netatmo') => ({
    accountId: `acc_${String(++accounts).padStart(20, '0')}`,
    provider,
  });
  type Caller = ReturnType<typeof anAccount>;

  async function forgetApplication() {
    await table().delete({ pk: 'PROVIDER#netatmo', sk: 'QUOTA' });
  }

  /** A worker of its own: nothing is known of what others know. */
  function aWorker(remainingMs = 60_000) {
    return createLedger({
      quotas: store().quotas,
      now: () => now,
      sleep: async (ms) => {
        now += ms;
      },
      remainingMs: () => remainingMs,
      onSpent: () => undefined,
    });
  }

  async function isAllowed(caller: Caller, limits: CallLimits, purpose: CallPurpose = 'command') {
    try {
      await aWorker().spend(caller, limits, purpose);
      return true;
    } catch (error) {
      if (error instanceof LatchkeyError && error.code === 'provider_throttled') return false;
      throw error;
    }
  }

  const usedBy = async ({ accountId }: Caller) =>
    (await store().quotas.get({ accountId }))?.windows.hour?.used ?? 0;
  const usedByAll = async () => (await store().quotas.get(shared))?.windows.hour?.used ?? 0;

  it('is over neither limit, in 1,000 rounds of callers at once', { timeout: 240_000 }, async () => {
    for (let round = 0; round < 1_000; round++) {
      await forgetApplication();
      const callers = times(1 + (round % 2), () => anAccount());
      const each = round % 100 === 0 ? 20 : 2 + (round % 2);
      const limits = both({ calls: 1 + (round % 4) }, { calls: 1 + (round % 5) });
      const [account = 0, application = 0] = [limits.account[0]?.calls, limits.application?.(1)[0]?.calls];
      const outcomes = await Promise.all(
        callers.flatMap((caller) =>
          times(each, async () => ({ caller, allowed: await isAllowed(caller, limits) })),
        ),
      );
      const allowed = outcomes.filter((outcome) => outcome.allowed);
      expect(allowed.length, `round ${round}`).toBeLessThanOrEqual(application);
      expect(await usedByAll()).toBe(allowed.length);
      for (const caller of callers) {
        const mine = allowed.filter((outcome) => outcome.caller === caller).length;
        expect(mine, `round ${round}`).toBeLessThanOrEqual(account);
        // What was not given back is counted too much; what was made is never counted too little.
        expect(await usedBy(caller)).toBeGreaterThanOrEqual(mine);
      }
    }
  });

  it('lets nobody starve: of 50 workers at once, each gets its call, also when a new part begins', async () => {
    const limits = both({ calls: 500 }, { calls: 2_000 });
    for (const at of [START, START + 360_000, START + 720_000]) {
      now = at;
      const outcomes = await Promise.all(times(50, () => isAllowed(anAccount(), limits)));
      expect(outcomes.every(Boolean)).toBe(true);
    }
    expect(await usedByAll()).toBe(150);
  });

  it('goes on in the part that others have begun, for workers whose clocks are behind', async () => {
    const caller = anAccount('legrand');
    const limits = { account: [aWindow({ calls: 5 })] };
    now = START + 360_000;
    await isAllowed(caller, limits);
    now = START + 359_900;
    sent.length = 0;
    expect(await isAllowed(caller, limits)).toBe(true);
    expect(sent).toEqual(['UpdateItemCommand']);
  });

  it('costs one write a call where the cloud counts accounts only, and two where it counts the application', async () => {
    const alone = anAccount('legrand');
    const worker = aWorker();
    const accountOnly = { account: [aWindow({})] };
    await worker.spend(alone, accountOnly, 'state');
    sent.length = 0;
    await worker.spend(alone, accountOnly, 'state');
    expect(sent).toEqual(['UpdateItemCommand']);

    const caller = anAccount();
    await worker.spend(caller, both({}, {}), 'state');
    sent.length = 0;
    await worker.spend(caller, both({}, {}), 'state');
    expect(sent).toEqual(['UpdateItemCommand', 'UpdateItemCommand']);
  });

  it('gives the account its call back when the application has none, and says whose and until when', async () => {
    const [first, second] = [anAccount(), anAccount()];
    const limits = both({}, { calls: 1 });
    await isAllowed(first, limits);
    const until = new Date(now + 3_960_000).toISOString();
    await expect(aWorker().spend(second, limits, 'command')).rejects.toMatchObject({
      code: 'provider_throttled',
      message: `the application's calls of this hour are spent until ${until}`,
      details: { limitOf: 'application', retryAfterSeconds: 3_960, sent: false },
    });
    expect(await usedBy(second)).toBe(0);
    expect(await usedByAll()).toBe(1);
  });

  it('costs the application nothing what the account refuses', async () => {
    const caller = anAccount();
    const limits = both({ calls: 1 }, {});
    await isAllowed(caller, limits);
    await expect(aWorker().spend(caller, limits, 'command')).rejects.toMatchObject({
      details: { limitOf: 'account' },
    });
    expect(await usedByAll()).toBe(1);
  });

  it('keeps the application’s reserve for commands, whoever has spent the rest', async () => {
    const limits = both({}, { calls: 5, reserve: 2 });
    const polls = await Promise.all(times(6, () => isAllowed(anAccount(), limits, 'state')));
    expect(polls.filter(Boolean)).toHaveLength(3);
    const commands = await Promise.all(times(3, () => isAllowed(anAccount(), limits)));
    expect(commands.filter(Boolean)).toHaveLength(2);
  });

  it('waits with a poll for a short window of the application, and counts the call when it is made', async () => {
    const limits = both({ name: 'burst', seconds: 10 }, { name: 'burst', seconds: 10, calls: 1 });
    const [first, second] = [anAccount(), anAccount()];
    await isAllowed(first, limits, 'state');
    const before = now;
    expect(await isAllowed(second, limits, 'state')).toBe(true);
    expect(now - before).toBeGreaterThanOrEqual(10_000);
    const { windows } = (await store().quotas.get({ accountId: second.accountId })) ?? {};
    expect(windows).toMatchObject({ burst: { part: Math.floor(now / 1_000), current: 1, used: 1 } });
  });

  it('has as many calls as the accounts that were counted last allow', async () => {
    const limits: CallLimits = {
      account: [aWindow({})],
      application: (linked) => [aWindow({ calls: 2 * linked })],
    };
    const callers = (count: number) => Promise.all(times(count, () => isAllowed(anAccount(), limits)));
    expect((await callers(5)).filter(Boolean)).toHaveLength(2);
    const linked = { accounts: 4, countedAt: new Date(now).toISOString() };
    await store().quotas.note(shared, () => ({ linked }));
    expect((await callers(10)).filter(Boolean)).toHaveLength(6);
  });

  it('lets no account pass while the cloud wants no calls of the application', async () => {
    await aWorker().block(shared, 30);
    await expect(aWorker().spend(anAccount(), both({}, {}), 'command')).rejects.toMatchObject({
      message: expect.stringContaining('no calls for this application until'),
      details: { limitOf: 'application', retryAfterSeconds: 30 },
    });
    now += 30_000;
    expect(await isAllowed(anAccount(), both({}, {}))).toBe(true);
  });
});
