/** Finds out what is missing of the providers' past. Asks no provider. */
import { DAY_MS } from '../../../shared/domain/history.ts';
import { ApiProblem } from '../../api.ts';
import type { Sink } from '../sink.ts';
import type { AccountPlan } from './estimate.ts';
import type { LinkedAccount, Past } from './past.ts';
import { idOf, planSeries, type Series, SeriesNote, type Task } from './series.ts';

export type Notes = Map<string, SeriesNote>;

export interface PlanWish {
  readonly past: Past;
  readonly sinceEpochMs: number;
  readonly now: () => number;
}

/** What is noted in a target, by id; the target need not be open. */
export async function readNotes(sink: Pick<Sink, 'listState'>): Promise<Notes> {
  const notes: Notes = new Map();
  for await (const document of sink.listState('backfills'))
    notes.set(document.id, SeriesNote.parse(document));
  return notes;
}

/**
 * @returns `undefined` – the account is gone
 * @throws {ApiProblem}
 */
export async function planAccount(
  wish: PlanWish,
  notes: Notes,
  account: LinkedAccount,
): Promise<AccountPlan | undefined> {
  const { past, sinceEpochMs, now } = wish;
  const { accountId } = account;
  try {
    const tasks: Task[] = [];
    for (const series of await past.series(account)) {
      const note = notes.get(idOf(series));
      const borderEpochMs = await borderOf(wish, series, note);
      const task = planSeries(series, note, borderEpochMs, { sinceEpochMs, now: now() });
      if (task) tasks.push(task);
    }
    return tasks.length === 0 ? undefined : { account, quota: await past.quota(accountId), tasks };
  } catch (error) {
    if (error instanceof ApiProblem && error.status === 404) return undefined;
    throw error;
  }
}

/** Once it is known it stays, while the account stays linked. */
async function borderOf(
  { past, now }: PlanWish,
  series: Series,
  note: SeriesNote | undefined,
): Promise<number | undefined> {
  const { border, linkedAt } = note ?? {};
  const noted = border === undefined ? undefined : Date.parse(border);
  if (noted !== undefined && linkedAt === series.linkedAt) return noted;
  const kept = await past.border(series, now());
  // Where there is something from long before the link, consent was renewed, and nothing of what was kept went.
  const isRenewed = kept !== undefined && kept < Date.parse(series.linkedAt) - DAY_MS;
  return isRenewed ? Math.min(kept, noted ?? kept) : kept;
}
