/** The past of a sensor that says something every five seconds: more in two days than one item of the table can hold. */
import { randomUUID } from 'node:crypto';
import { beforeEach, expect, test } from 'vitest';
import { fetchHistory, type HistorySource } from '../../../shared/actions/fetch-history.ts';
import { DAY_MS, type Measured, type TimeSpan } from '../../../shared/domain/history.ts';
import type { HistoryApi, Session } from '../../../shared/providers/provider.ts';
import { createStore } from '../../../shared/store/store.ts';
import { useAws } from '../aws.ts';
import { module, plant } from '../domain/samples.ts';

const aws = useAws();
const NOW = Date.parse('2026-01-15T17:05:42Z');
const STEP_MS = 5_000;
/** A whole place in the grid. */
const begin = Math.floor(NOW / (2 * DAY_MS)) * 2 * DAY_MS - 2 * DAY_MS;
const whole = { fromEpochMs: begin, toEpochMs: begin + 2 * DAY_MS - 1 };

let now: number;
let calls: number;
let moduleId: string;
let valueAt: (atEpochMs: number) => number;
beforeEach(() => {
  now = NOW;
  calls = 0;
  moduleId = `mod_${randomUUID()}`;
  valueAt = usual;
});

/** As many digits as a number can have. */
const usual = (atEpochMs: number) => Math.sin(atEpochMs / 1e7) * 1e-5 + 20;

function measured({ fromEpochMs, toEpochMs }: TimeSpan): Measured[] {
  const points: Measured[] = [];
  const last = Math.min(toEpochMs, now);
  for (let at = Math.ceil(fromEpochMs / STEP_MS) * STEP_MS; at <= last; at += STEP_MS)
    points.push([at, valueAt(at)]);
  return points;
}

/** A cloud that tells ten thousand points at once. */
const cloud: HistoryApi = {
  offer: () => ({ raw: 0 }),
  async page(_session, _target, question) {
    calls += 1;
    const points = measured(question);
    const told = points.slice(0, 10_000);
    const [next] = points[told.length] ?? [];
    return { points: told, isWhole: true, ...(next !== undefined && { nextEpochMs: next }) };
  },
};

async function fetchAll(span: TimeSpan, wanted: number): Promise<Measured[]> {
  const source: HistorySource = {
    history: cloud,
    session: {} as Session,
    target: { plant, module: { ...module, moduleId } },
    capability: 'temperature',
    resolution: 'raw',
    stepSeconds: 0,
  };
  const store = createStore(aws().dynamodb, aws().tableName);
  const points: Measured[] = [];
  for (let from = span.fromEpochMs; from <= span.toEpochMs; ) {
    const deps = { store, now: () => now };
    const { points: told, knownToEpochMs } = await fetchHistory(
      deps,
      source,
      { ...span, fromEpochMs: from },
      wanted,
    );
    points.push(...told);
    from = knownToEpochMs + 1;
  }
  return points;
}

test('is kept in blocks that follow one another, each point once, and asked for once', async () => {
  expect(await fetchAll(whole, 1_000)).toEqual(measured(whole));
  expect(calls).toBeGreaterThan(3);
  calls = 0;
  expect(await fetchAll(whole, 5_000)).toEqual(measured(whole));
  const part = { fromEpochMs: begin + 1.3 * DAY_MS, toEpochMs: begin + 1.4 * DAY_MS };
  expect(await fetchAll(part, 1_000)).toEqual(measured(part));
  expect(calls).toBe(0);
});

test('begins in the middle as well', async () => {
  const part = { fromEpochMs: begin + 0.9 * DAY_MS, toEpochMs: begin + 1.1 * DAY_MS };
  expect(await fetchAll(part, 1_000)).toEqual(measured(part));
  expect(await fetchAll(whole, 1_000)).toEqual(measured(whole));
});

test('leaves out what no table can keep, and asks for it no more', async () => {
  const odd = new Map([1e300, -1e16, 1e-200].map((value, index) => [begin + index * DAY_MS * 0.7, value]));
  valueAt = (at) => odd.get(at) ?? usual(at);
  const kept = measured(whole).filter(([at]) => !odd.has(at));
  expect(await fetchAll(whole, 1_000)).toEqual(kept);
  calls = 0;
  expect(await fetchAll(whole, 1_000)).toEqual(kept);
  expect(calls).toBe(0);
});

test('of which the end may still change is asked again from there on, whichever block that is in', async () => {
  const lately = { fromEpochMs: NOW - DAY_MS, toEpochMs: NOW };
  const before = await fetchAll(lately, 1_000);
  expect(before).toEqual(measured(lately));
  now += 600_000;
  valueAt = () => 7;
  const after = await fetchAll(lately, 1_000);
  const settled = NOW - 4 * 3_600_000;
  expect(after.map(([at]) => at)).toEqual(before.map(([at]) => at));
  expect(after.filter(([at]) => at <= settled)).toEqual(before.filter(([at]) => at <= settled));
  expect(new Set(after.filter(([at]) => at > settled).map(([, value]) => value))).toEqual(new Set([7]));
});
