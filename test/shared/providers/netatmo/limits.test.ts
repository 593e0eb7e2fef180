/** The ledger before the simulated cloud, which counts for itself. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import * as z from 'zod';
import type { CallPurpose } from '../../../../shared/domain/call-limits.ts';
import type { LatchkeyError } from '../../../../shared/domain/error.ts';
import type { Provider } from '../../../../shared/providers/provider.ts';
import { createCallStanding } from '../../../../shared/quota/call-standing.ts';
import { createLedger } from '../../../../shared/quota/ledger.ts';
import { meteredSession } from '../../../../shared/quota/metered-session.ts';
import { times, useStore } from '../../store/use-store.ts';
import { type NetatmoBench, NOW, openNetatmo } from './netatmo-bench.ts';

describe('the limits of Netatmo', () => {
  const { store, table } = useStore();
  let bench: NetatmoBench;
  let elapsedMs: number;
  let accounts = 0;
  beforeEach(async () => {
    bench = await openNetatmo();
    elapsedMs = 0;
    await table().delete({ pk: 'PROVIDER#netatmo', sk: 'QUOTA' });
  });
  afterEach(() => bench.close());

  const control = async (path: string, body: object) => {
    const answer = await fetch(`${bench.cloud.url}/_sim/${path}`, {
      method: 'POST',
      body: JSON.stringify(body),
    });
    if (!answer.ok) throw new Error(await answer.text());
    return answer.status === 204 ? undefined : await answer.json();
  };

  /** An account of the same person, as our ledger knows it; both clocks go on while it waits. */
  function anAccount({ provider = bench.provider }: { provider?: Provider } = {}) {
    const accountId = `acc_${String(++accounts).padStart(20, '0')}`;
    const now = () => NOW + elapsedMs;
    const ledger = createLedger({
      quotas: store().quotas,
      now,
      async sleep(ms) {
        elapsedMs += ms;
        await bench.cloud.advance(ms / 1000);
      },
      remainingMs: () => 60_000,
      onSpent: () => undefined,
    });
    const standing = createCallStanding(store(), now);
    const onUnnoted = (_: string, error: LatchkeyError) => {
      throw error;
    };
    return (method: string, purpose: CallPurpose = 'state') =>
      meteredSession(
        { ...bench.session, accountId },
        { ledger, standing, provider, purpose, onUnnoted },
      ).send({ method: 'GET', url: `${bench.cloud.url}/api/${method}` });
  }

  it('polls ten homes again and again without one call too many in ten seconds', async () => {
    const made = await control('homes', { userId: 'claire@example.net', homes: 10, modules: 5 });
    const { homeIds } = z.object({ homeIds: z.array(z.string()).length(10) }).parse(made);
    const ask = anAccount();
    for (let round = 0; round < 8; round++)
      for (const homeId of homeIds)
        expect((await ask(`homestatus?home_id=${homeId}`)).status, `${round} ${homeId}`).toBe(200);
    // Forty in ten seconds: ten are kept for commands.
    expect(elapsedMs).toBeGreaterThanOrEqual(10_000);
  });

  it('would have been refused without', async () => {
    const answers = [];
    for (const _ of times(51, () => 'call'))
      answers.push(
        await bench.session.send({ method: 'GET', url: `${bench.cloud.url}/api/getstationsdata` }),
      );
    expect(answers.map(({ status }) => status)).toEqual([...times(50, () => 200), 429]);
  });

  it('leaves the account alone for a minute when the cloud has counted more than we have', async () => {
    const ask = anAccount();
    await control('users/claire@example.net/quota', { calls: 500 });
    expect((await ask('homesdata')).status).toBe(429);
    const sent = bench.session.sent();
    await expect(ask('homesdata', 'command')).rejects.toMatchObject({
      code: 'provider_throttled',
      message: expect.stringContaining('no calls for this account'),
      details: { retryAfterSeconds: 60 },
    });
    expect(bench.session.sent()).toBe(sent);
    await control('users/claire@example.net/quota', { calls: 0 });
    expect((await anAccount()('homesdata')).status).toBe(200);
  });

  it('leaves all accounts alone when the cloud says that the application has no calls left', async () => {
    await control('settings', { applicationLimit: true, applicationCallsPerHour: 1, quotaStatus: 403 });
    const ask = anAccount();
    await ask('homesdata');
    expect((await ask('homesdata')).status).toBe(403);
    const sent = bench.session.sent();
    await expect(anAccount()('homesdata', 'command')).rejects.toMatchObject({
      code: 'provider_throttled',
      message: expect.stringContaining('no calls for this application'),
      details: { limitOf: 'application' },
    });
    expect(bench.session.sent()).toBe(sent);
  });
});
