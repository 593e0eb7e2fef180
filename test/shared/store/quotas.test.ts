import { describe, expect, it } from 'vitest';
import type { CallPurpose, CallWindow } from '../../../shared/domain/call-limits.ts';
import { times, useStore } from './use-store.ts';

const NOW = Date.parse('2026-01-15T12:00:00.500Z');
const aDay = (calls: number, reserve = 0): CallWindow => ({
  name: 'day',
  seconds: 86_400,
  calls,
  reserve,
  kind: 'utc_midnight',
});
const tenSeconds: CallWindow = { name: 'burst', seconds: 10, calls: 50, reserve: 0, kind: 'sliding' };

describe('the ledger in the table', () => {
  const { store } = useStore();
  let accounts = 0;
  const anAccount = () => `acc_${String(++accounts).padStart(20, '0')}`;

  const spendAtOnce = async (
    accountId: string,
    callers: number,
    windows: readonly CallWindow[],
    { purpose = 'command', now = NOW }: { purpose?: CallPurpose; now?: number } = {},
  ) => {
    const outcomes = await Promise.all(
      times(callers, () => store().quotas.spend({ holder: { accountId }, windows, purpose, now })),
    );
    return outcomes.filter((outcome) => 'spent' in outcome).length;
  };

  it('gives 50 callers at once what there is, and not one more, also when the parts of a window move on', async () => {
    const accountId = anAccount();
    expect(await spendAtOnce(accountId, 50, [aDay(120), tenSeconds])).toBe(50);
    expect(await spendAtOnce(accountId, 50, [aDay(120), tenSeconds])).toBe(0);
    const later = { now: NOW + 11_000 };
    expect(await spendAtOnce(accountId, 50, [aDay(120), tenSeconds], later)).toBe(50);
    expect(await spendAtOnce(accountId, 50, [aDay(120), tenSeconds], { now: NOW + 22_000 })).toBe(20);
    expect(await store().quotas.get({ accountId })).toMatchObject({ windows: { day: { used: 120 } } });
  });

  it('counts a call in the part of the window that it belongs to', async () => {
    const accountId = anAccount();
    const spendAt = (seconds: number) =>
      spendAtOnce(accountId, 25, [tenSeconds], { now: NOW + seconds * 1000 });
    expect(await spendAt(0)).toBe(25);
    expect(await spendAt(5)).toBe(25);
    expect(await spendAt(11)).toBe(25);
    expect(await spendAt(12)).toBe(0);
    expect(await spendAt(16)).toBe(25);
  });

  it('is never over by one, and never under, in 1,000 rounds of callers at once', {
    timeout: 120_000,
  }, async () => {
    for (let round = 0; round < 1_000; round++) {
      const callers = round % 100 === 0 ? 50 : 2 + (round % 4);
      const limit = 1 + (round % callers);
      const accountId = anAccount();
      expect(await spendAtOnce(accountId, callers, [aDay(limit)]), `round ${round}`).toBe(limit);
      expect(await store().quotas.get({ accountId })).toMatchObject({ windows: { day: { used: limit } } });
    }
  });

  it('leaves the reserve to commands, whoever comes first', async () => {
    const accountId = anAccount();
    expect(await spendAtOnce(accountId, 20, [aDay(10, 4)], { purpose: 'state' })).toBe(6);
    expect(await spendAtOnce(accountId, 20, [aDay(10, 4)])).toBe(4);
  });

  it('keeps a note beside the counts through callers at once', async () => {
    const accountId = anAccount();
    const blockedUntil = '2026-01-15T12:01:00.000Z';
    const refused = { cause: 'provider_terms', since: blockedUntil } as const;
    await Promise.all([
      spendAtOnce(accountId, 10, [aDay(500)]),
      store().quotas.note({ accountId }, () => ({ blockedUntil })),
      store().quotas.note({ accountId }, () => ({ refused })),
    ]);
    expect(await store().quotas.get({ accountId })).toMatchObject({ blockedUntil, refused });
    expect(await spendAtOnce(accountId, 5, [aDay(500)])).toBe(0);
    await store().quotas.note({ accountId }, () => ({ refused: undefined }));
    expect(await store().quotas.get({ accountId })).not.toHaveProperty('refused');
  });

  it('lets pass what no window counts', async () => {
    const accountId = anAccount();
    expect(await spendAtOnce(accountId, 5, [])).toBe(5);
  });

  it('goes with the account', async () => {
    const accountId = anAccount();
    await spendAtOnce(accountId, 1, [aDay(5)]);
    await store().accounts.forget(accountId);
    expect(await store().quotas.get({ accountId })).toBeUndefined();
  });
});
