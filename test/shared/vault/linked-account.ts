import { afterEach, beforeEach } from 'vitest';
import type { VaultKind } from '../../../shared/domain/vault-kind.ts';
import { startTokenServer, type TokenFault, type TokenServer } from './token-server.ts';
import { useVaultBench } from './vault-bench.ts';

export const HOUR_MS = 3_600_000;
/** What is due after this is due to nobody. */
export const TOO_FAR_SECONDS = 100 * 365 * 86_400;

/** A newly linked account at a strict server for each test of a file, and rotations of its first token set. */
export function useLinkedAccount(kind?: VaultKind) {
  let server: TokenServer;
  let accountId = '';
  const bench = useVaultBench(() => server, kind);
  beforeEach(async () => {
    server = await startTokenServer('strict');
    await bench
      .store()
      .gates.open('legrand')
      .catch(() => undefined);
    accountId = (await bench.linked()).accountId;
  });
  afterEach(() => server.close());

  const rotate = (wish: { insist?: boolean } = {}) =>
    bench.newVault().rotate(accountId, { knownGeneration: 1, ...wish });
  const readPointer = () => bench.pointerOf(accountId);

  return {
    bench,
    server: () => server,
    accountId: () => accountId,
    rotate,
    readPointer,
    isAlive: () => bench.isAlive(accountId),
    secondsFromNow: (at = '') => (Date.parse(at) - bench.clock.now) / 1000,
    /** Lets so much time pass that the account may be tried again. */
    waitUntil: (at = '') => bench.advance(Date.parse(at) - bench.clock.now + 1),
    /** The pointer after one exchange that ended with this fault. */
    async pointerAfter(fault: TokenFault) {
      server.failNext(fault);
      await rotate();
      return await readPointer();
    },
  };
}
