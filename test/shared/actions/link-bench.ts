/** What links need: real stores, a real vault, and a provider of the test's own. */
import { randomBytes } from 'node:crypto';
import { beforeAll } from 'vitest';
import type { CompleteLinkDependencies } from '../../../shared/actions/complete-link.ts';
import type { StartLinkDependencies } from '../../../shared/actions/start-link.ts';
import type { VaultKind } from '../../../shared/domain/vault-kind.ts';
import type { Provider } from '../../../shared/providers/provider.ts';
import type { Send } from '../../../shared/providers/request.ts';
import { createStore } from '../../../shared/store/store.ts';
import { createGate } from '../../../shared/vault/gate.ts';
import { createKeyRing } from '../../../shared/vault/key-ring.ts';
import { createSecrets } from '../../../shared/vault/secrets.ts';
import { createTokenSets } from '../../../shared/vault/token-sets.ts';
import { createVault } from '../../../shared/vault/vault.ts';
import { type Aws, useAws } from '../aws.ts';

export const publicUrl = 'https://api.example';
const log = { info: () => undefined, warn: () => undefined, error: () => undefined };

export interface LinkBench {
  readonly aws: Aws;
  readonly start: StartLinkDependencies;
  readonly complete: CompleteLinkDependencies;
}

/** One for the tests of a file; `providerOf` is not asked before they run. */
export function useLinkBench(
  providerOf: () => Provider,
  send: Send,
  now: () => number,
  kind: VaultKind = 'secrets',
): () => LinkBench {
  const aws = useAws();
  let bench: LinkBench;
  beforeAll(() => {
    const { dynamodb, secretsManager, tableName, secretPrefix } = aws();
    const store = createStore(dynamodb, tableName);
    const vault = createVault({
      pointers: store.pointers,
      escrows: store.escrows,
      tokenSets: createTokenSets(createSecrets(secretsManager), secretPrefix),
      kind,
      ring: createKeyRing({ rootKey: 'r'.repeat(64), sealingKeys: [] }),
      gate: createGate({ gates: store.gates, limitOf: () => providerOf().oauth.exchangeLimit, now }),
      stackId: 'stack-1',
      factsOf: () => providerOf().oauth,
      send,
      hashKey: randomBytes(32),
      escrowKey: randomBytes(32),
      now,
      sleep: async () => undefined,
      random: () => 0.5,
      remainingMs: () => 60_000,
      holder: 'test',
      log,
    });
    bench = {
      aws: aws(),
      start: {
        links: store.links,
        factsOf: () => providerOf().oauth,
        publicUrl,
        returnToAllowed: [],
        now,
      },
      complete: {
        store,
        vault,
        sessionOf: ({ accountId }) => vault.session(accountId),
        providerOf,
        hookKey: { key: randomBytes(32), epoch: 1 },
        publicUrl,
        stackId: 'stack-1',
        now,
        log,
      },
    };
  });
  return () => bench;
}
