/** An asset's past: what it said, and its means (contract 4.5). */
import type { FetchedResolution, Measured, TimeSpan } from '../../domain/history.ts';
import type { Module } from '../../domain/module.ts';
import { type CapabilityName, declarationOf } from '../../domain/reading.ts';
import { toUtc } from '../../domain/time.ts';
import type { HistoryApi, HistoryOffer, HistoryPage, HistoryQuestion, Session } from '../provider.ts';
import { type MakerApi, readAnswer } from './call.ts';
import { assetOf, type KnownAsset } from './translate.ts';
import { Bucket, type Point, PointsBody } from './wire.ts';

/** Their names of the steps, of which `hour` alone was ever seen. */
const steps: Readonly<
  Partial<Record<FetchedResolution, { readonly name: string; readonly seconds: number }>>
> = {
  '1hour': { name: 'hour', seconds: 3_600 },
  '1day': { name: 'day', seconds: 86_400 },
};
const offer: HistoryOffer = {
  raw: 0,
  ...Object.fromEntries(Object.entries(steps).map(([resolution, { seconds }]) => [resolution, seconds])),
};

/** Answers that one question may take where the latest points come first. */
const MOST_ANSWERS = 10;

export function allthingstalkHistory(api: MakerApi): HistoryApi {
  return {
    offer: (module, capability) => (isMeasured(module, capability) ? offer : {}),

    async page(session, { module }, question) {
      const asset = assetOf(module, question.capability);
      if (!asset) throw new RangeError(`${question.capability} is not offered`);
      const stepMs = Math.max(1, (offer[question.resolution] ?? 0) * 1000);
      return await readSpan((span) => ask(api, session, asset, { ...question, ...span }), question, stepMs);
    },
  };
}

/** Only of numbers there are means, and only numbers are kept of what a cloud tells of the past. */
function isMeasured(module: Module, capability: CapabilityName): boolean {
  const isNumber = declarationOf(capability, module.profiles)?.type === 'number';
  return isNumber && assetOf(module, capability) !== undefined;
}

interface Told {
  readonly measures: readonly Measured[];
  /** Of all points in the span, also those that mean nothing to us, in the order of the answer. */
  readonly stamps: readonly number[];
  readonly isWhole: boolean;
}

/**
 * As much of a span as the cloud tells, from its beginning. How much it tells at once, in which order, and whether it
 * minds which page is asked for, nobody knows (contract 8.14, 8.15): so there is always more after the last point until
 * nothing comes. Where the latest come first, the earlier ones are asked for as well, of a shorter span if need be.
 */
async function readSpan(
  askFor: (span: TimeSpan) => Promise<Told>,
  { fromEpochMs, toEpochMs }: TimeSpan,
  stepMs: number,
): Promise<HistoryPage> {
  for (let end = toEpochMs; ; end = fromEpochMs + Math.floor((end - fromEpochMs) / 2)) {
    const first = await askFor({ fromEpochMs, toEpochMs: end });
    const last = first.stamps.reduce((a, b) => Math.max(a, b), fromEpochMs) + stepMs - 1;
    const told = isDescending(first) ? await readBack(askFor, first, fromEpochMs) : first;
    if (told === undefined && end > fromEpochMs) continue;
    const { measures = [], isWhole = false } = told ?? {};
    const readTo = first.stamps.length === 0 ? end : last;
    return { points: inOrder(measures), isWhole, ...(readTo < toEpochMs && { nextEpochMs: readTo + 1 }) };
  }
}

function isDescending({ stamps }: Told): boolean {
  return stamps.some((atEpochMs, index) => atEpochMs < (stamps[index - 1] ?? atEpochMs));
}

/** What is there before the points that are told already; `undefined`: too much. */
async function readBack(
  askFor: (span: TimeSpan) => Promise<Told>,
  first: Told,
  fromEpochMs: number,
): Promise<Told | undefined> {
  const measures = [...first.measures];
  let { stamps, isWhole } = first;
  for (let answers = 1; answers < MOST_ANSWERS; answers += 1) {
    const earliest = stamps.reduce((a, b) => Math.min(a, b));
    if (earliest <= fromEpochMs) return { measures, stamps, isWhole };
    const told = await askFor({ fromEpochMs, toEpochMs: earliest - 1 });
    if (told.stamps.length === 0) return { measures, stamps, isWhole: isWhole && told.isWhole };
    measures.push(...told.measures);
    isWhole &&= told.isWhole;
    stamps = told.stamps;
  }
  return undefined;
}

/** Of two at the same time the later one counts. */
function inOrder(measures: readonly Measured[]): Measured[] {
  return [...new Map(measures)].toSorted(([a], [b]) => a - b);
}

async function ask(
  api: MakerApi,
  session: Session,
  asset: KnownAsset,
  { resolution, fromEpochMs, toEpochMs }: HistoryQuestion,
): Promise<Told> {
  const step = steps[resolution];
  const query = new URLSearchParams({
    from: toUtc(fromEpochMs),
    // Whether the end is included, nobody knows.
    to: toUtc(toEpochMs + 1),
    ...(step && { resolution: step.name }),
  });
  const path = `/asset/${encodeURIComponent(asset.assetId)}/${step ? 'activity' : 'states'}?${query}`;
  const { points, isWhole } = readAnswer(PointsBody, await api(session, { method: 'GET', path }));
  const read = points
    .map((point) => measureOf(point, asset, step !== undefined))
    // A bucket in which the span begins is not the whole bucket.
    .filter(({ atEpochMs }) => atEpochMs >= fromEpochMs && atEpochMs <= toEpochMs);
  return {
    measures: read.flatMap(({ measure }) => (measure ? [measure] : [])),
    stamps: read.map(({ atEpochMs }) => atEpochMs),
    isWhole: isWhole && read.every(({ isReadable }) => isReadable),
  };
}

/** An empty bucket, and a point that says nothing, are read and no measure. */
function measureOf({ at, data }: Point, asset: KnownAsset, isBucket: boolean) {
  const atEpochMs = Date.parse(at ?? '');
  const told = isBucket && data !== null ? Bucket.safeParse(data).data?.avg : data;
  const value = asset.toOurs(told);
  const measure: Measured | undefined = typeof value === 'number' ? [atEpochMs, value] : undefined;
  return { atEpochMs, measure, isReadable: value !== undefined };
}
