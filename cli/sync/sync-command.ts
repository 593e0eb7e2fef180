/** `latchkey sync`: copies, backfills and follows; or, as a dry run, tells what a backfill would take. */
import type { Api } from '../api.ts';
import { createBackfill } from './backfill/backfill.ts';
import { type AccountPlan, estimate } from './backfill/estimate.ts';
import { createPast } from './backfill/past.ts';
import { planAccount, readNotes } from './backfill/plan.ts';
import { estimateLines } from './backfill/words.ts';
import { createReport } from './report.ts';
import { runSync } from './run-sync.ts';
import type { Sink } from './sink.ts';
import { createSource } from './source.ts';

export interface SyncOrder {
  readonly sink: Sink;
  readonly api: Api;
  readonly once: boolean;
  readonly json: boolean;
  /** From when on the providers' own past is wanted, epoch milliseconds. */
  readonly sinceEpochMs?: number | undefined;
  /** Aborts when the program is to stop. */
  readonly stop: AbortSignal;
}

/**
 * @returns the exit code
 * @throws {SinkProblem}
 * @throws {ApiProblem}
 */
export async function sync({ sink, api, once, json, sinceEpochMs, stop }: SyncOrder): Promise<number> {
  const report = createReport({ sink: sink.name, json });
  const { tell } = report;
  const past = createPast(api);
  const backfill =
    sinceEpochMs === undefined
      ? undefined
      : createBackfill({ past, sink, sinceEpochMs, now: Date.now, report: tell });
  await runSync({
    source: createSource(api),
    sink,
    once,
    signal: stop,
    now: Date.now,
    report: tell,
    backfill,
  });
  report.end();
  return 0;
}

/** Asks no provider, and writes nothing. */
export async function dryRun(order: SyncOrder & { readonly sinceEpochMs: number }): Promise<number> {
  const { sink, api, json, sinceEpochMs } = order;
  const past = createPast(api);
  const notes = await readNotes(sink);
  const plans: AccountPlan[] = [];
  for (const account of await past.accounts()) {
    const plan = await planAccount({ past, sinceEpochMs, now: Date.now }, notes, account);
    if (plan) plans.push(plan);
  }
  const found = estimate(plans, Date.now());
  const lines = json ? [JSON.stringify({ kind: 'estimate', ...found })] : estimateLines(found);
  process.stdout.write(`${lines.join('\n')}\n`);
  return 0;
}
