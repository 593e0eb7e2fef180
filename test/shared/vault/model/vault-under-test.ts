/** The real vault above the seams of the model: the one place that knows what a vault is made of. */

import { PutItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import type { TokenPointer } from '../../../../shared/domain/token-pointer.ts';
import type { VaultKind } from '../../../../shared/domain/vault-kind.ts';
import { createStore } from '../../../../shared/store/store.ts';
import { createGate } from '../../../../shared/vault/gate.ts';
import { createKeyRing } from '../../../../shared/vault/key-ring.ts';
import type { RotationDependencies } from '../../../../shared/vault/rotation.ts';
import { openSealedSet } from '../../../../shared/vault/sealed-set.ts';
import { createSecrets } from '../../../../shared/vault/secrets.ts';
import { hashTokenSet, TokenSet } from '../../../../shared/vault/token-set.ts';
import { createTokenSets } from '../../../../shared/vault/token-sets.ts';
import { createVault, type Vault } from '../../../../shared/vault/vault.ts';
import { type Ask, type Call, connect, isRead, sleepBy } from './call.ts';
import type { Cloud } from './cloud.ts';
import { providerFacts } from './token-endpoint.ts';

/** Changes parts of a vault: for seeding mistakes that the exploration has to find. */
export type Change = (deps: RotationDependencies) => Partial<RotationDependencies>;

export interface VaultWish {
  readonly vault: VaultKind;
  readonly change?: Change | undefined;
}

const PREFIX = 'accounts/';
export const HASH_KEY = Buffer.alloc(32, 1);
/** One pause uses up the patience of a link: a process may always sleep longer than it asked for. */
const LEAST_PAUSE_MS = 5_001;

const ring = createKeyRing({ rootKey: 'r'.repeat(64), sealingKeys: [] });

const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };

/** A vault as a process of its own has it. */
export function createVaultUnderTest(ask: Ask, now: () => number, holder: string, wish: VaultWish): Vault {
  const { dynamodb, secretsManager, send } = connect(ask);
  const { pointers, escrows, gates } = createStore(dynamodb, 'table');
  const deps: RotationDependencies = {
    kind: wish.vault,
    ring,
    gate: createGate({ gates, limitOf: () => providerFacts.exchangeLimit, now }),
    stackId: 'stack-1',
    pointers,
    escrows,
    tokenSets: createTokenSets(createSecrets(secretsManager), PREFIX),
    factsOf: () => providerFacts,
    send,
    hashKey: HASH_KEY,
    escrowKey: Buffer.alloc(32, 2),
    now,
    random: () => 0.5,
    sleep: sleepBy(ask, now, LEAST_PAUSE_MS),
    remainingMs: () => Number.POSITIVE_INFINITY,
    holder,
    log: silent,
  };
  return createVault({ ...deps, ...wish.change?.(deps) });
}

/** The token set that a pointer names, as whoever reads it next will find it. */
export function namedSet({ secrets }: Cloud, pointer: TokenPointer): TokenSet | undefined {
  if (pointer.sealed) return openSealedSet(ring, pointer, pointer.sealed);
  const text = secrets[PREFIX + pointer.accountId]?.versions[pointer.versionId];
  return text === undefined ? undefined : TokenSet.parse(JSON.parse(text));
}

export function isNamedBy(pointer: TokenPointer, set: TokenSet): boolean {
  return hashTokenSet(HASH_KEY, set) === pointer.refreshHash;
}

/** Whether tokens of the account are kept anywhere. */
export function areTokensKept({ secrets }: Cloud, accountId: string): boolean {
  return secrets[PREFIX + accountId] !== undefined;
}

/** Whether a write of a worker, if it succeeds, makes the answer of an exchange survive it. */
export function keepsAnswer(call: Call): boolean {
  if (call.to === 'secrets') return !isRead(call);
  if (call.to !== 'table') return false;
  const { command } = call;
  if (command instanceof PutItemCommand) return command.input.Item?.sk?.S?.startsWith('ESCROW#') === true;
  // The sealed vault moves value and pointer in one write.
  return command instanceof UpdateItemCommand && /#sealed = /.test(command.input.UpdateExpression ?? '');
}
