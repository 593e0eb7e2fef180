/** A module's past, as `getmeasure` and `getroommeasure` tell it (contract 3.4, 3.7). */
import type { Measured } from '../../domain/history.ts';
import type { Module } from '../../domain/module.ts';
import { toError } from '../error-row.ts';
import type { CommandTarget, HistoryApi, HistoryOffer, HistoryPage, HistoryQuestion } from '../provider.ts';
import { withoutKey } from './api-rows.ts';
import { type Call, type ConnectApi, readAnswer } from './call.ts';
import { type MeasureRow, measureRowOf, type Scale, scaleSeconds } from './measure-rows.ts';
import { MeasureBody, readMeasures } from './measure-wire.ts';
import { readRefusal } from './refusal.ts';

/** The most that a call answers, and what it answers unless less is asked for. */
const MOST_POINTS = 1024;

export function netatmoHistory(api: ConnectApi): HistoryApi {
  return {
    offer: (module, capability) => offerOf(measureRowOf(module, capability)),

    async page(session, target, question) {
      const row = measureRowOf(target.module, question.capability);
      const scale = row && scaleOf(row, question);
      const name = scale && row.names[scale];
      if (!name) throw new RangeError(`${question.capability} is not offered at ${question.resolution}`);
      const answer = await api(session, callFor(target, row, { scale, name }, question));
      const { measures, count, isWhole } = readMeasures(readAnswer(MeasureBody, answer));
      const isFull = count >= MOST_POINTS;
      const stamps = measures.map(({ epochS }) => epochS);
      // A page of which nothing can be read does not say where the next one begins.
      if (isFull && stamps.length === 0) throw toError(withoutKey, readRefusal(answer));
      const last = stamps.reduce((a, b) => Math.max(a, b), 0);
      return {
        points: pointsOf(measures, row, question),
        isWhole,
        ...nextOf(isFull ? (last + 1) * 1000 : undefined, question),
      };
    },
  };
}

function offerOf(row: MeasureRow | undefined): HistoryOffer {
  const scales = Object.keys(row?.names ?? {}) as Scale[];
  const [finest] = scales;
  if (finest === undefined) return {};
  const named = scales.flatMap((scale) => (scale === 'max' ? [] : [[scale, scaleSeconds[scale]]]));
  return { raw: scaleSeconds[finest], ...Object.fromEntries(named) };
}

function scaleOf({ names }: MeasureRow, { resolution }: HistoryQuestion): Scale | undefined {
  return resolution === 'raw' ? (Object.keys(names) as Scale[])[0] : resolution;
}

function callFor(
  { plant, module }: CommandTarget,
  { of }: MeasureRow,
  { scale, name }: { scale: Scale; name: string },
  { fromEpochMs, toEpochMs }: HistoryQuestion,
): Call {
  const query = {
    scale,
    type: name,
    date_begin: Math.ceil(fromEpochMs / 1000),
    date_end: Math.floor(toEpochMs / 1000),
    limit: MOST_POINTS,
    // Each value with a stamp of its own: no step has to be guessed.
    optimize: false,
    // Stamps where steps begin; without it they are shifted by half a step (known problem 21).
    real_time: true,
  };
  return of === 'room'
    ? {
        method: 'getroommeasure',
        query: { home_id: plant.nativeId, room_id: textOf(module, 'room'), ...query },
      }
    : { method: 'getmeasure', query: { ...addressOf(module), ...query } };
}

/** A module is asked for through the device that talks for it; a device by itself has none. */
function addressOf(module: Module) {
  const { nativeId } = module;
  const deviceId = textOf(module, 'station') ?? textOf(module, 'bridge') ?? nativeId;
  return { device_id: deviceId, ...(deviceId !== nativeId && { module_id: nativeId }) };
}

function textOf({ native }: Module, key: string): string | undefined {
  const value = native[key];
  return typeof value === 'string' ? value : undefined;
}

/** Netatmo may answer points from after the end. */
function pointsOf(
  measures: ReturnType<typeof readMeasures>['measures'],
  { read = (value) => value }: MeasureRow,
  { fromEpochMs, toEpochMs }: HistoryQuestion,
): Measured[] {
  const values = new Map<number, number>();
  for (const { epochS, value } of measures) {
    const atEpochMs = epochS * 1000;
    const meant = value === null ? undefined : read(value);
    if (meant !== undefined && atEpochMs >= fromEpochMs && atEpochMs <= toEpochMs)
      values.set(atEpochMs, meant);
  }
  return [...values].toSorted(([a], [b]) => a - b);
}

function nextOf(
  nextEpochMs: number | undefined,
  { fromEpochMs, toEpochMs }: HistoryQuestion,
): Pick<HistoryPage, 'nextEpochMs'> {
  const isWithin = nextEpochMs !== undefined && nextEpochMs > fromEpochMs && nextEpochMs <= toEpochMs;
  return isWithin ? { nextEpochMs } : {};
}
