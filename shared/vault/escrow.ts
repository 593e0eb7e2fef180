import * as z from 'zod';
import { LatchkeyError } from '../domain/error.ts';
import type { TokenPointer } from '../domain/token-pointer.ts';
import type { OauthFacts } from '../providers/provider.ts';
import type { Escrow } from '../store/escrows.ts';
import { seal, unseal } from './seal.ts';
import { type TokenSet, toTokenSet } from './token-set.ts';

/** The answer as it came, so that one which cannot be read today can be read after a fix. */
const KeptAnswer = z.object({ body: z.string(), sentAtMs: z.number() });

const contextOf = (escrow: Pick<Escrow, 'accountId' | 'fromRefreshHash' | 'attempt'>) => [
  escrow.accountId,
  escrow.fromRefreshHash,
  String(escrow.attempt),
];

export function sealEscrow(
  key: Buffer,
  held: TokenPointer,
  answer: z.infer<typeof KeptAnswer>,
  keptAt: string,
): Escrow {
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
  spent: TokenSet,
): TokenSet | undefined {
  const { body, sentAtMs } = KeptAnswer.parse(JSON.parse(unseal(key, escrow.sealed, contextOf(escrow))));
  try {
    return toTokenSet(facts.readTokenAnswer(JSON.parse(body)), facts, {
      sentAtMs,
      spent: {
        refreshToken: spent.refreshToken,
        hash: escrow.fromRefreshHash,
        expiresAt: spent.refreshExpiresAt,
      },
    });
  } catch (error) {
    if (error instanceof LatchkeyError || error instanceof SyntaxError) return undefined;
    throw error;
  }
}
