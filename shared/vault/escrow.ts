import * as z from 'zod';
import { LatchkeyError } from '../domain/error.ts';
import type { TokenPointer } from '../domain/token-pointer.ts';
import type { OauthFacts } from '../providers/provider.ts';
import type { Escrow } from '../store/escrows.ts';
import { readGrant } from './grants.ts';
import { seal, unseal } from './seal.ts';
import { type RotatingSet, toTokenSet } from './token-set.ts';

/** The answer as it came, so that one which cannot be read today can be read after a fix. */
const KeptAnswer = z.object({ body: z.string(), sentAtMs: z.number() });
export type KeptAnswer = z.infer<typeof KeptAnswer>;

const contextOf = (escrow: Pick<Escrow, 'accountId' | 'fromRefreshHash' | 'attempt'>) => [
  escrow.accountId,
  escrow.fromRefreshHash,
  String(escrow.attempt),
];

export function sealEscrow(key: Buffer, held: TokenPointer, answer: KeptAnswer, keptAt: string): Escrow {
  const { accountId, refreshHash: fromRefreshHash, attempt } = held;
  const address = { accountId, fromRefreshHash, attempt };
  const text = JSON.stringify({ body: answer.body, sentAtMs: answer.sentAtMs });
  return { ...address, sealed: seal(key, text, contextOf(address)), keptAt };
}

/** The token set in an escrow; `undefined` while its answer cannot be read. */
export function openEscrow(
  key: Buffer,
  escrow: Escrow,
  facts: OauthFacts,
  spent: RotatingSet,
): RotatingSet | undefined {
  const { body, sentAtMs } = KeptAnswer.parse(JSON.parse(unsealText(key, escrow)));
  const outcome = readGrant(facts, body, sentAtMs);
  if (outcome.kind === 'unparseable') return undefined;
  return toTokenSet(outcome.answer, facts, { sentAtMs, spent, parentHash: escrow.fromRefreshHash });
}

/** @throws {LatchkeyError} config_invalid – when the root key is not the one it was sealed with */
function unsealText(key: Buffer, escrow: Escrow): string {
  try {
    return unseal(key, escrow.sealed, contextOf(escrow));
  } catch (cause) {
    throw new LatchkeyError('config_invalid', 'an escrow cannot be opened with the root key', { cause });
  }
}
