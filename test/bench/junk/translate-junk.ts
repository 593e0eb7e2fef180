/** Whatever a webhook delivers, the translation of it is an answer, and what that reports can be kept. */
import fc from 'fast-check';
import { UtcTime } from '../../../shared/domain/time.ts';
import type { Report } from '../../../shared/providers/provider.ts';
import { providerOf } from '../../shared/actions/store-bench.ts';
import { junkText } from './arbitraries.ts';
import { corpus } from './corpus.ts';

/** The smallest and the largest positive number of DynamoDB. */
const [LEAST, MOST] = [1e-130, 9.9e125];

/**
 * Translates the corpus, and so many texts that are made up.
 * @returns the smallest text that was not translated rightly; `undefined` where there is none
 */
export function translateJunk({ runs, seed }: { runs: number; seed: number }): string | undefined {
  for (const [name, body] of Object.entries(corpus)) if (!isTranslated(body.toString())) return name;
  const result = fc.check(fc.property(junkText, isTranslated), { numRuns: runs, seed });
  return result.failed ? `seed ${seed}: ${result.counterexample?.[0].slice(0, 1_000)}` : undefined;
}

function isTranslated(raw: string): boolean {
  const translation = providerOf().translate(raw, () => 'Europe/Paris');
  const isPolluted = Object.keys(Object.prototype).length > 0 || 'polluted' in {};
  return !isPolluted && (translation.kind !== 'reports' || translation.reports.every(isKeepable));
}

/** What the table refuses would come again and again, and the deliveries behind it would wait. */
function isKeepable({ observedAt, values }: Report): boolean {
  const isTime = observedAt === undefined || UtcTime.safeParse(observedAt).success;
  return isTime && Object.values(values).every((value) => typeof value !== 'number' || isNumber(value));
}

function isNumber(value: number): boolean {
  const size = Math.abs(value);
  return size === 0 || (size >= LEAST && size <= MOST);
}
