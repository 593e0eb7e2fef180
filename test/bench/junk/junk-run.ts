/** Junk, sent to a running Latchkey as Legrand would send it, and what it did there. */
import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { legrandIntake } from '../../../shared/providers/legrand/intake.ts';
import type { Item } from '../../end-to-end/kept.ts';
import type { LocalLatchkey } from '../local-latchkey.ts';
import { type Answered, type Sent, send } from '../send.ts';
import { junkRequest } from './arbitraries.ts';
import { corpus } from './corpus.ts';

export interface JunkWish {
  /** How many requests the fuzzer makes up; those of the corpus come before them. */
  readonly runs: number;
  readonly seed: number;
  /** Told of every request that was answered. */
  readonly onAnswer?: () => void | Promise<void>;
  /** Told in words of every request that was put off. */
  readonly onPutOff?: (what: string) => void;
}

export interface JunkOutcome {
  readonly requests: number;
  /** The smallest request that got a wrong answer, as text; absent where none did. */
  readonly wrong?: string;
  /**
   * Requests that were put off with 503. One that the request itself is to blame for is put off again when it comes
   * again, and is then a wrong answer.
   */
  readonly putOff: number;
  /** Deliveries that were answered 200 and are not in the table as they came. */
  readonly lost: number;
  /** Accounts, tokens, plants and modules that are not as they were. */
  readonly changed: number;
  /** Invocations that threw, exited or took too long, and batches that the stream gave up. */
  readonly crashes: number;
  readonly tookMs: readonly number[];
}

/** A request that is put off so often is put off for good. */
const ATTEMPTS = 5;

export async function runJunk(latchkey: LocalLatchkey, wish: JunkWish): Promise<JunkOutcome> {
  const { hook, kept, inside } = latchkey;
  const before = standing(await kept.everything());
  const tookMs: number[] = [];
  const acknowledged = new Set<string>();
  let putOff = 0;

  /** 413 is for what cannot be kept; everything else is kept, and Legrand bans for any other answer. */
  async function isTaken(junk: Sent): Promise<boolean> {
    let answer: Answered | undefined;
    for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
      answer = await send(hook, junk);
      if (answer.status !== 503) break;
      putOff += 1;
      const start = JSON.stringify(junk.body.toString('utf8').slice(0, 60));
      wish.onPutOff?.(
        `request ${tookMs.length + 1}, attempt ${attempt}: ${junk.body.length} bytes, ${answer.tookMs.toFixed(0)} ms, ${start}`,
      );
    }
    await wish.onAnswer?.();
    if (answer?.status === 200) for (const name of namesOf(junk.body)) acknowledged.add(name);
    if (answer) tookMs.push(answer.tookMs);
    return answer?.status === 200 || answer?.status === 413;
  }

  const wrong = (await firstWrong(isTaken)) ?? (await fuzz(isTaken, wish));
  await inside.settle();
  const after = await kept.everything();
  const found = new Set(
    after.filter(isDelivery).flatMap(({ raw }) => [named('text', String(raw)), ...namesOf(String(raw))]),
  );
  return {
    requests: tookMs.length,
    ...(wrong !== undefined && { wrong }),
    putOff,
    lost: [...acknowledged].filter((name) => !found.has(name)).length,
    changed: countChanged(before, standing(after)),
    crashes: await countCrashes(latchkey),
    tookMs,
  };
}

async function firstWrong(isTaken: (junk: Sent) => Promise<boolean>): Promise<string | undefined> {
  for (const [name, body] of Object.entries(corpus)) {
    const headers = { 'content-type': 'application/json' };
    if (!(await isTaken({ body: Buffer.from(body), headers }))) return name;
  }
  return undefined;
}

async function fuzz(
  isTaken: (junk: Sent) => Promise<boolean>,
  { runs, seed }: JunkWish,
): Promise<string | undefined> {
  const result = await fc.check(fc.asyncProperty(junkRequest, isTaken), { numRuns: runs, seed });
  if (!result.failed) return undefined;
  const [smallest] = result.counterexample ?? [];
  return `seed ${seed}: ${JSON.stringify(smallest?.headers)} ${smallest?.body.toString('utf8').slice(0, 500)}`;
}

/** What the deliveries of a body are known by: their event's id, under which one is kept, or else their text. */
function namesOf(body: string | Buffer): string[] {
  return legrandIntake
    .split(body.toString())
    .map(({ eventId, raw }) => (eventId === undefined ? named('text', raw) : named('event', eventId)));
}

function named(kind: 'text' | 'event', text: string): string {
  return createHash('sha256').update(`${kind} ${text}`).digest('base64url');
}

const isDelivery = ({ sk }: Item) => String(sk).startsWith('DELIVERY#');

/** What junk may never change, by key. */
function standing(items: readonly Item[]): Map<string, string> {
  return new Map(
    items
      .filter(({ sk }) => /^(ACCOUNT|TOKEN)$|^(PLANT|MODULE)#/.test(String(sk)))
      .map((item) => [`${item.pk} ${item.sk}`, JSON.stringify(item)]),
  );
}

function countChanged(before: ReadonlyMap<string, string>, after: ReadonlyMap<string, string>): number {
  const keys = new Set([...before.keys(), ...after.keys()]);
  return [...keys].filter((key) => before.get(key) !== after.get(key)).length;
}

async function countCrashes({ errorsOf, inside }: LocalLatchkey): Promise<number> {
  const gaveUp = await inside.streamFailures();
  return (await errorsOf('receive-webhook')) + (await errorsOf('project-changes')) + gaveUp.length;
}
