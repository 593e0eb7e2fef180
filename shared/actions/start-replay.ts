import { randomUUID } from 'node:crypto';
import { LatchkeyError } from '../domain/error.ts';
import { toUtc } from '../domain/time.ts';
import { type AccountState, showAccount } from './manage-accounts.ts';
import type { SyncDependencies } from './sync-dependencies.ts';

/**
 * Has the deliveries received from `from` on and before `to` read again, by the next runs of sync-accounts.
 * @throws {LatchkeyError} account_unknown; request_invalid – the window is empty
 * @throws {LatchkeyError} replay_running – the account's last one has not finished
 */
export async function startReplay(
  deps: SyncDependencies,
  accountId: string,
  window: { from: string; to: string },
): Promise<AccountState> {
  const { store, now } = deps;
  await showAccount(deps, accountId);
  const startedAt = toUtc(now());
  const from = toUtc(Date.parse(window.from));
  // What comes from now on is read by today's projection anyway.
  const to = toUtc(Math.min(Date.parse(window.to), now()));
  if (from >= to) {
    throw new LatchkeyError('request_invalid', 'from: is not before `to`, or not in the past', {
      details: { fields: { from: 'is not before `to`, or not in the past' } },
    });
  }
  const counts = { deliveries: 0, readable: 0, unreadable: 0, ignored: 0, changes: 0 };
  const replay = { accountId, replayId: randomUUID(), from, to, counts, startedAt, dueAt: startedAt };
  if ((await store.replays.start(replay)) === 'refused') {
    throw new LatchkeyError('replay_running', 'the account has a replay that has not finished', {
      details: { retryAfterSeconds: 60 },
    });
  }
  return await showAccount(deps, accountId);
}
