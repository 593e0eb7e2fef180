/** Whether a command was done as a whole: an answer that accepts it can still say what failed (contract 2.4). */
import type { ProviderAnswer } from '../request.ts';
import { assertAccepted } from './call.ts';
import { readRefusal } from './refusal.ts';

export function assertCarriedOut(answer: ProviderAnswer, _ids: readonly string[]): void {
  const { status, code } = readRefusal(answer);
  // «Nothing to update»: it is as was wished.
  if (status === 406 && code === '7') return;
  assertAccepted(answer);
}
