/** The process that rotates: it runs what the function's handler runs, connected by its environment as the function is. */
import { randomUUID } from 'node:crypto';
import { rotateTokens } from '../../../shared/actions/rotate-tokens.ts';
import { accountIdFor } from '../../../shared/domain/ids.ts';
import { connectHome } from '../../../shared/runtime/dependencies.ts';
import { toTokenSet } from '../../../shared/vault/token-set.ts';
import { anAccount } from '../../shared/store/samples.ts';
import type { TokenPair } from '../../shared/vault/token-family.ts';
import { answerParent, createCpuClock } from '../child.ts';

/** So much of an hour's life has passed; at 80 % of it the last account is due. */
const AGE_MS = 50 * 60_000;
const LINKS_AT_ONCE = 16;

const home = await connectHome();
// How many exchanges a provider allows is not what is measured.
Object.assign(home.factsOf('legrand'), { exchangeLimit: { count: 1_000_000, windowSeconds: 10 } });
const cpuMs = createCpuClock();

async function link(pair: TokenPair): Promise<void> {
  const accountId = accountIdFor('legrand', randomUUID(), 'subject');
  const answer = { ...pair, expiresInSeconds: 3_600 };
  const set = toTokenSet(answer, home.factsOf('legrand'), { sentAtMs: Date.now() - AGE_MS });
  await home.vault.adopt(accountId, { provider: 'legrand', subject: 'subject', scopes: [], set });
  await home.store.accounts.create(anAccount({ accountId }));
}

const questions = {
  /** Links an account for each pair, long enough ago for all of them to be due. */
  async link(pairs: readonly TokenPair[]) {
    const waiting = [...pairs];
    const lane = async () => {
      for (let pair = waiting.pop(); pair; pair = waiting.pop()) await link(pair);
    };
    await Promise.all(Array.from({ length: LINKS_AT_ONCE }, lane));
  },

  /** One run of the schedule, and what of this process it took. */
  async run() {
    cpuMs();
    const startedAt = performance.now();
    const { due, rotated } = await rotateTokens(home);
    return { due, rotated, elapsedMs: performance.now() - startedAt, cpuMs: cpuMs() };
  },
};
export type RotatorQuestions = typeof questions;

answerParent(questions);
