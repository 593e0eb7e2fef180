/** Keeps the answer of an exchange, wherever it can be kept: it may be the only live credential of an account. */
import { LatchkeyError } from '../domain/error.ts';
import { toUtc } from '../domain/time.ts';
import type { TokenPointer } from '../domain/token-pointer.ts';
import type { EscrowStore } from '../store/escrows.ts';
import type { TokenPointerStore } from '../store/token-pointers.ts';
import { type KeptAnswer, sealEscrow } from './escrow.ts';
import { COMMIT_NEEDS_MS } from './lease.ts';
import { patiently, type Sleep } from './patience.ts';
import type { TokenSet } from './token-set.ts';
import type { TokenSets } from './token-sets.ts';

export interface KeepingDependencies {
  readonly pointers: TokenPointerStore;
  readonly escrows: EscrowStore;
  readonly tokenSets: TokenSets;
  readonly escrowKey: Buffer;
  readonly now: () => number;
  readonly sleep: Sleep;
  /** Milliseconds until the function that we run in is stopped. */
  readonly remainingMs: () => number;
}

/** Secrets Manager answers in a tenth of a second; a hanging one must not eat the time that the escrow needs. */
const KEEP_TIMEOUT_MS = 5_000;

/** `unlinked`: the account's tokens have been ended meanwhile, and there is nothing to keep. */
export type Kept = 'kept' | 'refused' | 'unlinked';

/** Adds the token set to the account's secret as the version that the intent names. */
export async function keepSet(
  deps: KeepingDependencies,
  held: TokenPointer,
  versionId: string,
  set: TokenSet,
): Promise<Kept> {
  const patienceMs = Math.floor(Math.max(0, Math.min(KEEP_TIMEOUT_MS, deps.remainingMs() - COMMIT_NEEDS_MS)));
  const signal = AbortSignal.timeout(patienceMs);
  const keep = () => deps.tokenSets.keep(held.accountId, versionId, set, signal);
  try {
    if ((await patiently(keep, deps.sleep, () => signal.aborted)) === 'kept') return 'kept';
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
