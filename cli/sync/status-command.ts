/** `latchkey status`: how far the copy has come. Only looks: another program may be writing meanwhile. */
import type { Api } from '../api.ts';
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
 * @returns the exit code
 * @throws {SinkProblem}
 * @throws {ApiProblem}
 */
export async function status({ sink, api, json }: StatusOrder): Promise<number> {
  const progress = await sink.readProgress();
  if (!progress) {
    process.stdout.write(json ? '{"phase":"empty"}\n' : `${sink.name}: nothing has been copied yet\n`);
    return 0;
  }
  const backfill = summary([...(await readNotes(sink)).values()]);
  const { events } = await createSource(api).events(progress.cursor, 1, 0);
  const [pending] = events;
  const lagSeconds = pending ? Math.max(0, Math.round((Date.now() - Date.parse(pending.time)) / 1000)) : 0;
  const lines = json
    ? [JSON.stringify({ target: sink.name, ...progress, lagSeconds, ...(backfill && { backfill }) })]
    : [
        `${sink.name}: ${progress.phase}, ${progress.events} events, the last of ${progress.lastEventAt ?? 'never'}`,
        `written last at ${progress.updatedAt}; ${pending ? `${lagSeconds} s behind` : 'nothing is missing'}`,
        ...(backfill ? [wordsOf(backfill)] : []),
      ];
  process.stdout.write(`${lines.join('\n')}\n`);
  return 0;
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
  const state = finished === series ? 'nothing is missing' : `${finished} finished`;
  return `past since ${since}: ${readings} readings of ${series} series, ${state}`;
}
