/** Tells how the copy is getting on: a line that changes on a terminal, plain lines elsewhere, JSON for programs. */
import type { News } from './run-sync.ts';

/** Between two plain lines, ms. */
const QUIET_MS = 10_000;

export interface Report {
  tell(news: News): void;
  end(): void;
}

export function createReport({ sink, json }: { readonly sink: string; readonly json: boolean }): Report {
  const startedAt = Date.now();
  const isTerminal = process.stderr.isTTY && !json;
  let first: number | undefined;
  let toldAt = 0;
  let toldCaughtUp = false;

  function line(news: News): string {
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

  return {
    tell(news) {
      if (json) {
        process.stdout.write(`${JSON.stringify(toJson(news))}\n`);
        return;
      }
      if (isTerminal) {
        process.stderr.write(`\r\u001b[2K${line(news)}`);
        return;
      }
      const caughtUp = news.kind === 'progress' && news.caughtUp;
      const isNews = news.kind === 'waiting' || caughtUp !== toldCaughtUp;
      if (!isNews && Date.now() - toldAt < QUIET_MS) return;
      toldAt = Date.now();
      toldCaughtUp = caughtUp;
      process.stderr.write(`${line(news)}\n`);
    },
    end() {
      if (isTerminal) process.stderr.write('\n');
    },
  };
}

function toJson(news: News): object {
  if (news.kind === 'waiting') return news;
  const { progress, caughtUp } = news;
  return { kind: news.kind, caughtUp, ...progress };
}
