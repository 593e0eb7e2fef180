/** Keeps the answer of an exchange, wherever it can be kept: it may be the only live credential of an account. */
import { LatchkeyError } from '../domain/error.ts';
import { toUtc } from '../domain/time.ts';
import type { TokenPointer } from '../domain/token-pointer.ts';
import type { VaultKind } from '../domain/vault-kind.ts';
import type { EscrowStore } from '../store/escrows.ts';
import type { Placement, TokenPointerStore } from '../store/token-pointers.ts';
import { type KeptAnswer, sealEscrow } from './escrow.ts';
import type { KeyRing } from './key-ring.ts';
import { COMMIT_NEEDS_MS } from './lease.ts';
import { patiently, type Sleep } from './patience.ts';
import { sealSet } from './sealed-set.ts';
import type { TokenSet } from './token-set.ts';
import type { TokenSets } from './token-sets.ts';

export interface KeepingDependencies {
  readonly pointers: TokenPointerStore;
  readonly escrows: EscrowStore;
  readonly tokenSets: TokenSets;
  /** Where new token sets go; those that are elsewhere are read where they are. */
  readonly kind: VaultKind;
  readonly ring: KeyRing;
  readonly escrowKey: Buffer;
  readonly now: () => number;
  readonly sleep: Sleep;
  /** Milliseconds until the function that we run in is stopped. */
  readonly remainingMs: () => number;
}

/** Secrets Manager answers in a tenth of a second; a hanging one must not eat the time that the escrow needs. */
const KEEP_TIMEOUT_MS = 5_000;

/** `unlinked`: the account's tokens have been ended meanwhile, and there is nothing to keep. */
export type Kept = Placement | 'refused' | 'unlinked';

/**
 * Keeps the child of the pointer's token set as the vault in use does: in the account's secret, as the version that
 * the intent names; or sealed, which is durable with the commit and not before.
 */
export async function keepSet(
  deps: KeepingDependencies,
  held: TokenPointer,
  versionId: string,
  set: TokenSet,
): Promise<Kept> {
  if (deps.kind === 'secrets') return await keepInSecret(deps, held, versionId, set);
  return placementOf(deps, { ...held, generation: held.generation + 1 }, versionId, set);
}

/** Where the vault in use has a token set, once it is kept: how the pointer of that generation names it. */
export function placementOf(
  { kind, ring }: Pick<KeepingDependencies, 'kind' | 'ring'>,
  owner: Pick<TokenPointer, 'accountId' | 'provider' | 'generation'>,
  versionId: string,
  set: TokenSet,
): Placement {
  if (kind === 'secrets') return { versionId };
  return { versionId, sealed: sealSet(ring, owner, owner.generation, set) };
}

/** Adds the token set to the account's secret, which an account of the sealed vault does not have yet. */
export async function keepInSecret(
  deps: KeepingDependencies,
  held: TokenPointer,
  versionId: string,
  set: TokenSet,
): Promise<Kept> {
  const patienceMs = Math.floor(Math.max(0, Math.min(KEEP_TIMEOUT_MS, deps.remainingMs() - COMMIT_NEEDS_MS)));
  const signal = AbortSignal.timeout(patienceMs);
  const keep = async () => {
    if (held.sealed === undefined) return await deps.tokenSets.keep(held.accountId, versionId, set, signal);
    await deps.tokenSets.keepFirst(held.accountId, versionId, set, signal);
    return 'kept';
  };
  try {
    if ((await patiently(keep, deps.sleep, () => signal.aborted)) === 'kept') return { versionId };
  } catch (error) {
    if (!(error instanceof LatchkeyError)) throw error;
    return 'refused';
  }
  const current = await deps.pointers.get(held.accountId);
  return current?.linkEpoch === held.linkEpoch ? 'refused' : 'unlinked';
}

/** Seals the answer and keeps it in the table. */
export async function putInEscrow(deps: KeepingDependencies, held: TokenPointer, answer: KeptAnswer) {
  const escrow = sealEscrow(deps.escrowKey, held, answer, toUtc(deps.now()));
  await patiently(() => deps.escrows.put(escrow), deps.sleep);
}
