/** Tells how the copy is getting on: a line that changes on a terminal, plain lines elsewhere, JSON for programs. */
import { overwriteLine } from '../terminal.ts';
import type { BackfillNews } from './backfill/backfill.ts';
import { backfillLine, estimateLines } from './backfill/words.ts';
import type { News } from './run-sync.ts';

/** Between two plain lines, ms. */
const QUIET_MS = 10_000;

export type AnyNews = News | BackfillNews;

export interface Report {
  tell(news: AnyNews): void;
  end(): void;
}

export function createReport({ sink, json }: { readonly sink: string; readonly json: boolean }): Report {
  const startedAt = Date.now();
  const isTerminal = process.stderr.isTTY && !json;
  let first: number | undefined;
  let toldAt = 0;
  /** What was told last, and as what kind of thing: another kind is news at once, the same again is none. */
  let told = '';
  let toldAs = '';
  let isBackfilling = false;

  function feedLine(news: News): string {
    if (news.kind === 'waiting') return `waiting ${news.seconds} s: ${news.reason}`;
    const { progress, caughtUp } = news;
    first ??= progress.events;
    const rate = Math.round((progress.events - first) / Math.max(1, (Date.now() - startedAt) / 1000));
    const behind = Math.max(
      0,
      Math.round((Date.now() - Date.parse(progress.lastEventAt ?? progress.updatedAt)) / 1000),
    );
    const place = caughtUp ? 'up to date' : `${behind} s behind, ${rate}/s`;
    return `${sink}: ${progress.events} events, ${place}`;
  }

  /** The one line that changes, or a plain one now and then. */
  function tellState(line: string, as: string): void {
    if (isTerminal) {
      overwriteLine(line);
      return;
    }
    if (as === toldAs && (line === told || Date.now() - toldAt < QUIET_MS)) return;
    toldAt = Date.now();
    told = line;
    toldAs = as;
    process.stderr.write(`${line}\n`);
  }

  /** What stays. */
  function tellLine(line: string): void {
    process.stderr.write(`${isTerminal ? '\r\u001b[2K' : ''}${line}\n`);
    toldAs = '';
  }

  return {
    tell(news) {
      if (json) {
        process.stdout.write(`${JSON.stringify(toJson(news))}\n`);
        return;
      }
      switch (news.kind) {
        case 'estimate':
          for (const line of estimateLines(news.estimate)) tellLine(line);
          break;
        case 'backfill':
          isBackfilling = news.seriesDone + news.setAside < news.series;
          tellState(backfillLine(news), isBackfilling ? 'backfill' : 'backfilled');
          break;
        case 'backfill_waits':
        case 'set_aside':
          isBackfilling = false;
          tellLine(backfillLine(news));
          break;
        case 'waiting':
          tellLine(feedLine(news));
          break;
        case 'progress':
          // While there is a past to write, that is what moves.
          if (!(isBackfilling && news.caughtUp))
            tellState(feedLine(news), news.caughtUp ? 'up to date' : 'behind');
      }
    },
    end() {
      if (isTerminal) process.stderr.write('\n');
    },
  };
}

function toJson(news: AnyNews): object {
  if (news.kind === 'estimate') return { kind: news.kind, ...news.estimate };
  if (news.kind !== 'progress') return news;
  const { progress, caughtUp } = news;
  return { kind: news.kind, caughtUp, ...progress };
}
