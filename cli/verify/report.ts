/** Tells what a comparison does, on standard error, and what came of it, on standard output: in words or as one JSON object. */
import { once } from 'node:events';
import type { Progress } from '../sync/sink.ts';
import { overwriteLine } from '../terminal.ts';
import type { News } from './compare.ts';
import {
  type ComparedCollection,
  comparedCollections,
  type Difference,
  differenceKinds,
} from './difference.ts';
import type { Tally } from './tally.ts';

/** Between two plain lines, ms. */
const QUIET_MS = 10_000;
const BAR = 24;

export interface Steps {
  tell(news: News): void;
  end(): void;
}

/** A line that changes on a terminal, plain lines elsewhere. */
export function createSteps(bytesRead: () => number): Steps {
  const isTerminal = process.stderr.isTTY;
  let told = { text: '', at: 0 };

  function line(news: News): string {
    if (news.kind === 'waiting')
      return `waiting${news.seconds > 0 ? ` ${news.seconds} s` : ''}: ${news.reason}`;
    const { text, done, total } = news;
    const place = total === undefined ? `${done}` : `${done} of ${total}`;
    const filled = total ? Math.round((BAR * done) / total) : 0;
    const bar = isTerminal && total ? ` [${'#'.repeat(filled)}${'.'.repeat(BAR - filled)}]` : '';
    return `${text}:${bar} ${place}; ${bytes(bytesRead())} read from the source`;
  }

  return {
    tell(news) {
      if (isTerminal) {
        overwriteLine(line(news));
        return;
      }
      const text = news.kind === 'waiting' ? news.reason : news.text;
      if (text === told.text && Date.now() - told.at < QUIET_MS) return;
      told = { text, at: Date.now() };
      process.stderr.write(`${line(news)}\n`);
    },
    end() {
      if (isTerminal) overwriteLine('');
    },
  };
}

export function bytes(count: number): string {
  if (count < 1_000) return `${count} bytes`;
  return count < 1_000_000 ? `${(count / 1_000).toFixed(1)} kB` : `${(count / 1_000_000).toFixed(1)} MB`;
}

/** What a comparison came to. */
export interface Outcome {
  readonly target: string;
  readonly progress: Progress;
  /** Documents of the copy that were compared; of state absent while the first copy is not finished. */
  readonly documents: Readonly<Partial<Record<ComparedCollection, number>>>;
  /** Readings of the copy from before the feed, which are not compared. */
  readonly past: number;
  /** Accounts of which something is not copied yet. */
  readonly behind: readonly string[];
  /** Events that are not copied yet; `isAll`: there are no more than these. */
  readonly pending: { readonly events: number; readonly isAll: boolean; readonly since?: string };
  readonly ranges: number;
  readonly bytesRead: number;
  /** What was found at first. */
  readonly found: Tally;
  /** What is left; the same where nothing was mended. */
  readonly left: Tally;
  /** How often what was found was mended; absent where that was not asked for. */
  readonly repairs?: number;
  readonly isEqual: boolean;
}

export interface Result {
  /** Takes the differences of the first comparison, as they are found. */
  found(differences: readonly Difference[]): Promise<void>;
  /** @param left – differences that are left after repairs */
  end(outcome: Outcome, left: readonly Difference[]): Promise<void>;
  /** It could not be finished. */
  failed(problem: string): Promise<void>;
  /** There is nothing to compare. */
  nothing(target: string): Promise<void>;
}

async function write(text: string): Promise<void> {
  if (!process.stdout.write(text)) await once(process.stdout, 'drain');
}

/** One object, whose long list is written as it comes: there may be more differences than there is memory. */
export function jsonResult(): Result {
  let separator = '{"found":[';
  const opening = () => (separator === ',' ? '' : separator);
  return {
    async found(differences) {
      for (const difference of differences) {
        await write(separator + JSON.stringify(difference));
        separator = ',';
      }
    },
    async failed(problem) {
      await write(`${opening()}],"problem":${JSON.stringify(problem)}}\n`);
    },
    async end({ found, left: _, ...outcome }, left) {
      const rest = JSON.stringify({ left, differences: found.total(), ...outcome });
      await write(`${opening()}],${rest.slice(1)}\n`);
    },
    nothing: (target) => write(`${JSON.stringify({ target, phase: 'empty', isEqual: false })}\n`),
  };
}

export function textResult(): Result {
  return {
    found: async () => undefined,
    failed: async () => undefined,
    end: (outcome) => write(`${linesOf(outcome).join('\n')}\n`),
    nothing: (target) => write(`${target}: nothing has been copied yet\n`),
  };
}

function linesOf(outcome: Outcome): string[] {
  const { target, progress, past, behind, pending, ranges, repairs, found, left, isEqual } = outcome;
  const lines = [`${target}: copied up to ${progress.lastEventAt ?? 'the beginning of the feed'}`];
  lines.push(...tallyLines(outcome, found));
  if (progress.phase === 'copying')
    lines.push('the first copy is not finished: accounts, plants and modules are not compared');
  if (past > 0)
    lines.push(`${counted(past, 'reading', 'readings')} from before the feed, which the feed cannot prove`);
  if (behind.length > 0)
    lines.push(
      `${counted(behind.length, 'account', 'accounts')} behind: what happened there is not copied yet`,
    );
  if (pending.events > 0)
    lines.push(
      `not copied yet: ${pending.isAll ? '' : 'more than '}${counted(pending.events, 'event', 'events')}, the first of ${pending.since}`,
    );
  lines.push(
    `${counted(ranges, 'digest', 'digests')} of the feed compared, ${bytes(outcome.bytesRead)} read from the source`,
  );
  if (repairs !== undefined && found.total() > 0)
    lines.push(`mended what was found, and compared again${left.total() > 0 ? ':' : ''}`);
  if (repairs !== undefined && left.total() > 0) lines.push(...tallyLines(outcome, left));
  return [...lines, isEqual ? 'equal' : 'not equal'];
}

function counted(count: number, one: string, many: string): string {
  return `${count} ${count === 1 ? one : many}`;
}

function tallyLines({ documents }: Outcome, tally: Tally): string[] {
  return comparedCollections.flatMap((collection) => {
    const compared = documents[collection];
    if (compared === undefined) return [];
    const counts = differenceKinds.map((kind) => `${tally.count(collection, kind)} ${kind}`);
    const ids = differenceKinds.flatMap((kind) => {
      const [first, count] = [tally.first(collection, kind), tally.count(collection, kind)];
      const more = count > first.length ? [`    … and ${count - first.length} more`] : [];
      return [...first.map((id) => `    ${kind} ${id}`), ...more];
    });
    return [`  ${collection}: ${compared} compared, ${counts.join(', ')}`, ...ids];
  });
}
