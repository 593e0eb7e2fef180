/** A vault between real servers, with a clock of its own and places at which its process can die. */
import { randomUUID } from 'node:crypto';
import { ListSecretsCommand } from '@aws-sdk/client-secrets-manager';
import { beforeEach } from 'vitest';
import { createFaults } from '../../../infra/local/aws/faults.ts';
import { accountIdFor } from '../../../shared/domain/ids.ts';
import type { TokenPointer } from '../../../shared/domain/token-pointer.ts';
import type { VaultKind } from '../../../shared/domain/vault-kind.ts';
import { sendOnce } from '../../../shared/providers/request.ts';
import { expression } from '../../../shared/store/expression.ts';
import { createTable, ItemKey } from '../../../shared/store/item.ts';
import { createStore } from '../../../shared/store/store.ts';
import type { AppSecret } from '../../../shared/vault/app-secret.ts';
import { createGate } from '../../../shared/vault/gate.ts';
import type { Grant } from '../../../shared/vault/grant.ts';
import { createKeyRing } from '../../../shared/vault/key-ring.ts';
import { sleep } from '../../../shared/vault/patience.ts';
import type { RotationDependencies } from '../../../shared/vault/rotation.ts';
import { openSealedSet } from '../../../shared/vault/sealed-set.ts';
import { createSecrets } from '../../../shared/vault/secrets.ts';
import { toTokenSet } from '../../../shared/vault/token-set.ts';
import { createTokenSets } from '../../../shared/vault/token-sets.ts';
import { createVault, type Vault } from '../../../shared/vault/vault.ts';
import { useAws } from '../aws.ts';
import type { TokenServer } from './token-server.ts';

/** No test waits for a server that hangs as long as a function does; for others, however slow, it does. */
const PATIENCE_MS = 100;
/** What waiting takes here; the clock stands still meanwhile. */
const PAUSE_MS = 5;
/** Longer than a lease and what clocks may differ by. */
const LEASE_OVER_MS = 43_000;

export type VaultBench = ReturnType<typeof useVaultBench>;
/** The deployment's keys as long as a test changes none. */
const keys: Pick<AppSecret, 'rootKey' | 'sealingKeys'> = { rootKey: 'r'.repeat(64), sealingKeys: [] };
type Change = (deps: RotationDependencies) => Partial<RotationDependencies>;

/** One for the tests of a file; `serverOf` gives the token server of the present test. */
export function useVaultBench(serverOf: () => TokenServer, kind: VaultKind = 'secrets') {
  const faults = createFaults();
  const aws = useAws(faults);
  const clock = { now: Date.parse('2026-01-05T08:00:00Z') };
  const lines: string[] = [];
  const note = (message: string, fields: object) => void lines.push(`${message} ${JSON.stringify(fields)}`);
  const store = () => createStore(aws().dynamodb, aws().tableName);
  const tokenSets = () => createTokenSets(createSecrets(aws().secretsManager), aws().secretPrefix);

  /** What one test closed is not what the next one meets. */
  beforeEach(() => store().gates.open('legrand'));

  /** A vault as a process of its own has it: nothing is shared with others but the stores. */
  function newVault(change: Change = () => ({})): Vault {
    const { pointers, escrows, gates } = store();
    const now = () => clock.now;
    const deps: RotationDependencies = {
      kind,
      ring: createKeyRing(keys),
      gate: createGate({ gates, limitOf: () => serverOf().facts.exchangeLimit, now }),
      stackId: 'stack-1',
      pointers,
      escrows,
      tokenSets: tokenSets(),
      factsOf: () => serverOf().facts,
      send: (request) =>
        sendOnce({ ...request, ...(serverOf().isAboutToHang() && { timeoutMs: PATIENCE_MS }) }),
      hashKey: Buffer.alloc(32, 1),
      escrowKey: Buffer.alloc(32, 2),
      now,
      random: () => 0.5,
      sleep: () => sleep(PAUSE_MS),
      remainingMs: () => Number.POSITIVE_INFINITY,
      holder: randomUUID(),
      log: { info: note, warn: note, error: note },
    };
    return createVault({ ...deps, ...change(deps) });
  }

  async function pointerOf(accountId: string): Promise<TokenPointer> {
    const pointer = await store().pointers.get(accountId);
    if (!pointer) throw new Error('the pointer is gone');
    return pointer;
  }

  return {
    aws,
    faults,
    clock,
    /** What was logged, a line each. */
    lines,
    newVault,
    store,
    pointerOf,

    advance(ms: number): void {
      clock.now += ms;
    },
    /** For a process that waits something out alone. */
    async passTime(ms: number): Promise<void> {
      clock.now += ms;
    },
    outliveLease(): void {
      clock.now += LEASE_OVER_MS;
    },

    aGrant(subject = 'subject'): Grant {
      const { facts, consent } = serverOf();
      const { accessToken, refreshToken } = consent();
      const answer = { accessToken, refreshToken, expiresInSeconds: 3_600 };
      const set = toTokenSet(answer, facts, { sentAtMs: clock.now });
      return { provider: 'legrand', subject, scopes: [], set };
    },

    async linked(): Promise<TokenPointer> {
      return await newVault().adopt(accountIdFor('legrand', randomUUID(), 'subject'), this.aGrant());
    },

    /** What the account's secret holds as the pointer names it, read as a new process would. */
    async setOf(accountId: string) {
      const pointer = await pointerOf(accountId);
      const { sealed, versionId } = pointer;
      if (sealed) return openSealedSet(createKeyRing(keys), pointer, sealed);
      return await tokenSets().read(accountId, versionId);
    },

    /** Whether the account works: the stored access token opens the API and the stored refresh token rotates. */
    async isAlive(accountId: string): Promise<boolean> {
      const set = await this.setOf(accountId);
      if (!set || !serverOf().isAccessTokenGood(set.accessToken)) return false;
      const { generation } = await pointerOf(accountId);
      const outcome = await newVault().rotate(accountId, { knownGeneration: generation, insist: true });
      return outcome.kind === 'rotated';
    },

    async secretNames(accountId: string): Promise<(string | undefined)[]> {
      const Filters = [{ Key: 'name' as const, Values: [aws().secretPrefix + accountId] }];
      const { SecretList = [] } = await aws().secretsManager.send(new ListSecretsCommand({ Filters }));
      return SecretList.map(({ Name }) => Name).filter((name) => name?.endsWith(accountId));
    },

    /** Sort keys of everything kept under the account. */
    async itemsOf(accountId: string): Promise<string[]> {
      const table = createTable(aws().dynamodb, aws().tableName);
      const where = expression`#pk = ${`ACCOUNT#${accountId}`}`;
      return (await Array.fromAsync(table.queryAll(where, ItemKey))).map(({ sk }) => sk);
    },
  };
}

/** A call at which the process dies: `reached` resolves, and nothing after it ever happens. */
export function deathAt() {
  const { promise: reached, resolve } = Promise.withResolvers<void>();
  const die = (): Promise<never> => {
    resolve();
    return new Promise(() => {});
  };
  return { reached, die };
}
