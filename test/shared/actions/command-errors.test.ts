/** Every row of Legrand's table of API answers that a command can meet: repeats made, calls charged, the account's health. */
import { describe, expect, it } from 'vitest';
import { continueCommands } from '../../../shared/actions/continue-commands.ts';
import { showAccount } from '../../../shared/actions/manage-accounts.ts';
import { sendCommand } from '../../../shared/actions/send-command.ts';
import type { SessionOf } from '../../../shared/actions/sync-dependencies.ts';
import { createCallStanding } from '../../../shared/quota/call-standing.ts';
import { createLedger } from '../../../shared/quota/ledger.ts';
import { meteredSession } from '../../../shared/quota/metered-session.ts';
import { apiCases } from '../providers/legrand/api-cases.ts';
import { type CommandBench, openCommandBench } from './command-bench.ts';

const cases = apiCases.filter(
  ({ fault, while: doing = 'command' }) => fault && doing !== 'plants' && doing !== 'subscribe',
);

/** The bench's sessions, metered as the functions have them. */
function metered({ home, deps }: CommandBench): SessionOf {
  const { now, sleep, remainingMs } = deps;
  const { store } = home.bench;
  const ledger = createLedger({ quotas: store.quotas, now, sleep, remainingMs, onSpent: () => undefined });
  const standing = createCallStanding(store, now);
  return (_, purpose) =>
    meteredSession(home.cloud.session, {
      ledger,
      standing,
      provider: home.cloud.provider,
      purpose,
      onUnnoted: () => undefined,
    });
}

describe('a command that Legrand goes on to answer with', () => {
  it.each(cases.map((one) => [`${one.row} ${JSON.stringify(one.fault)}`, one] as const))(
    '%s',
    async (_, { fault, sent = 1, health = { status: 'linked' }, code, provider }) => {
      const bench = await openCommandBench();
      try {
        const { home, module } = bench;
        const deps = { ...bench.deps, sessionOf: metered(bench) };
        home.cloud.cloud.faults.set({ ...fault, name: fault?.name ?? 'busy', on: 'set_status' });
        const { commandId } = await sendCommand(deps, {
          moduleId: module.moduleId,
          wish: { action: 'set_setpoint', temperatureC: 21 },
          tokenId: 'workspace',
          patienceSeconds: 25,
        });
        const shown = await showAccount(home.deps, home.accountId);
        expect({ status: shown.account.status, cause: shown.health.cause }).toEqual({
          cause: undefined,
          ...health,
        });
        for (let run = 0; run < 5; run++) {
          home.clock.now += 60_000;
          await continueCommands(deps);
        }
        expect(await home.bench.store.commands.get(commandId)).toMatchObject({
          status: 'failed',
          attempts: sent,
          problem: { code, provider },
        });
        expect(await bench.seen()).toHaveLength(sent);
        const { windows } = (await home.bench.store.quotas.get({ accountId: home.accountId })) ?? {};
        expect(windows?.day?.used).toBe(sent);
      } finally {
        await bench.close();
      }
    },
  );
});
