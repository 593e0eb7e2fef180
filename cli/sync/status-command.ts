/** `latchkey status`: how far the copy has come. Only looks: another program may be writing meanwhile. */
import { type Api, ApiProblem } from '../api.ts';
import { readNotes } from './backfill/plan.ts';
import type { SeriesNote } from './backfill/series.ts';
import type { Sink } from './sink.ts';
import { createSource } from './source.ts';

export interface StatusOrder {
  readonly sink: Sink;
  readonly api: Api;
  readonly json: boolean;
}

/**
 * @returns the exit code: 1 where the API does not say what is missing
 * @throws {SinkProblem}
 */
export async function status({ sink, api, json }: StatusOrder): Promise<number> {
  const progress = await sink.readProgress();
  if (!progress) {
    process.stdout.write(json ? '{"phase":"empty"}\n' : `${sink.name}: nothing has been copied yet\n`);
    return 0;
  }
  const backfill = summary([...(await readNotes(sink)).values()]);
  const lag = await lagOf(api, progress.cursor);
  const { phase, events, cursor, lastEventAt = 'never', updatedAt, lastError } = progress;
  const lines = json
    ? [JSON.stringify({ target: sink.name, ...progress, ...lag, ...(backfill && { backfill }) })]
    : [
        `${sink.name}: ${phase}, ${events} events, the last of ${lastEventAt}, up to ${cursor}`,
        `written last at ${updatedAt}; ${lagWords(lag)}`,
        ...(lastError ? [`last error, at ${lastError.at}: ${lastError.message}`] : []),
        ...(backfill ? [wordsOf(backfill)] : []),
      ];
  process.stdout.write(`${lines.join('\n')}\n`);
  return 'problem' in lag ? 1 : 0;
}

type Lag = { readonly lagSeconds: number } | { readonly problem: string };

/** How long what is to be copied next has been waiting; 0: there is nothing. */
async function lagOf(api: Api, cursor: string): Promise<Lag> {
  try {
    const source = createSource(api);
    for (let from = cursor; ; ) {
      const { events, next, more } = await source.events(from, 1, 0);
      const [pending] = events;
      const waitedMs = pending ? Date.now() - Date.parse(pending.time) : 0;
      if (pending || !more) return { lagSeconds: Math.max(0, Math.round(waitedMs / 1000)) };
      // What the token may see is further on.
      from = next;
    }
  } catch (error) {
    if (!(error instanceof ApiProblem)) throw error;
    return { problem: error.message };
  }
}

function lagWords(lag: Lag): string {
  if ('problem' in lag) return `how far behind cannot be told: ${lag.problem}`;
  return lag.lagSeconds > 0 ? `${lag.lagSeconds} s behind` : 'nothing is missing';
}

interface BackfillSummary {
  readonly series: number;
  /** Of which nothing was missing when they were looked at last. */
  readonly finished: number;
  /** The earliest time wanted. */
  readonly since: string;
  readonly readings: number;
}

/** `undefined`: none was ever asked for. */
function summary(notes: readonly SeriesNote[]): BackfillSummary | undefined {
  const [since] = notes.map((note) => note.since).toSorted();
  if (since === undefined) return undefined;
  const finished = notes.filter(({ finishedAt }) => finishedAt !== undefined).length;
  const readings = notes.reduce((sum, note) => sum + note.readings, 0);
  return { series: notes.length, finished, since, readings };
}

function wordsOf({ series, finished, since, readings }: BackfillSummary): string {
  const state = finished === series ? 'nothing is missing' : `${finished} of them finished`;
  return `past since ${since}: ${readings} readings of ${series} series, ${state}`;
}
