import type { Bench } from './bench.ts';
import { until } from './until.ts';

/**
 * Until nothing happens any more: Legrand has told all there was, also what a busy machine took too late the first time,
 * and the feed tells it.
 */
export async function quiet({ legrand, inside }: Pick<Bench, 'legrand' | 'inside'>): Promise<void> {
  await until(
    () => legrand.state(),
    ({ undelivered }) => undelivered.length === 0,
  );
  await inside.settle();
}
