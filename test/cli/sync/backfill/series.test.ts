import { describe, expect, test } from 'vitest';
import {
  cursorOf,
  notesUnlinked,
  noteWanted,
  pastDocuments,
  planSeries,
  questionOf,
  type ReadPast,
  SeriesNote,
  type Task,
  withPast,
} from '../../../../cli/sync/backfill/series.ts';
import { DAY_MS, SETTLING_MS } from '../../../../shared/domain/history.ts';
import { accountId, moduleId, plantId } from '../../../shared/domain/samples.ts';
import { day, dayAt, days, NOW, series } from './samples.ts';

const wish = (since: number, now = 0) => ({ sinceEpochMs: day(since), now: day(now) });
const answer = (to: number, times: readonly number[], next?: string): ReadPast => ({
  unit: '°C',
  points: times.map((time) => ({ time: dayAt(time), value: time })),
  askedToEpochMs: day(to) - 1,
  next,
});
const planned = (...order: Parameters<typeof planSeries>): Task => {
  const task = planSeries(...order);
  if (!task) throw new Error('nothing is missing');
  return task;
};
/** All that there is since so many days ago, up to the border three days ago. */
const finished = (since: number): SeriesNote =>
  withPast(planned(series, undefined, day(-3), wish(since)), answer(-3, [since]), NOW).note;

describe('what is missing', () => {
  test('ends where what Latchkey kept begins', () => {
    expect(planned(series, undefined, day(-3), wish(-10)).gaps).toEqual([days(-10, -3)]);
    expect(planSeries(series, undefined, day(-3), wish(-3))).toBeUndefined();
  });

  test.each([0, 1_800])('ends where it may still change, with steps of %i s', (rawStepSeconds) => {
    const { gaps } = planned({ ...series, rawStepSeconds }, undefined, undefined, wish(-10));
    const toEpochMs = NOW - SETTLING_MS - rawStepSeconds * 1000;
    expect(gaps).toEqual([{ fromEpochMs: day(-10), toEpochMs }]);
  });

  test('is nothing where all is there, and what comes before once that is wanted', () => {
    const note = finished(-10);
    expect(planSeries(series, note, day(-3), wish(-10))).toBeUndefined();
    expect(planSeries(series, note, day(-3), wish(-5))).toBeUndefined();
    expect(planned(series, note, day(-3), wish(-20)).gaps).toEqual([days(-20, -10)]);
  });

  test('comes a day at a time as it settles, and at once where no more will', () => {
    const task = planned(series, undefined, undefined, wish(-10));
    const { note } = withPast(task, { ...answer(0, []), askedToEpochMs: task.wanted.toEpochMs }, NOW);
    expect(note.finishedAt).toBe(dayAt(0));
    expect(planSeries(series, note, undefined, wish(-10, 0.9))).toBeUndefined();
    const later = planned(series, note, undefined, wish(-10, 1));
    expect(later.gaps).toEqual([
      { fromEpochMs: NOW - SETTLING_MS + 1, toEpochMs: NOW + DAY_MS - SETTLING_MS },
    ]);
    const border = NOW + SETTLING_MS;
    expect(planned(series, note, border, wish(-10, 0.9)).gaps).toEqual([
      { fromEpochMs: NOW - SETTLING_MS + 1, toEpochMs: border - 1 },
    ]);
    // But what comes before is not put off with it.
    const more = planned(series, note, undefined, wish(-20, 0.9));
    expect(more.gaps).toEqual([days(-20, -10)]);
    // Nor brought forward, should that be begun and cut off.
    expect(planned(series, noteWanted(more), undefined, wish(-20, 0.95)).gaps).toEqual(more.gaps);
  });
});

test('what is wanted is noted without losing what is there, and is not finished any more', () => {
  const task = planned(series, finished(-10), day(-3), wish(-20));
  const note = noteWanted(task);
  expect(note).toMatchObject({ version: 2, since: dayAt(-20), readings: 1, border: dayAt(-3) });
  expect(note).not.toHaveProperty('finishedAt');
  expect(planned(series, note, day(-3), wish(-20)).gaps).toEqual([days(-20, -10)]);
});

describe('what was read', () => {
  const task = planned(series, undefined, day(-3), wish(-10));

  test('goes on after the last reading, with the cursor of the answer', () => {
    const once = withPast(task, answer(-3, [-9, -8], 'more'), NOW);
    expect(once.gaps).toEqual([{ fromEpochMs: day(-8) + 1, toEpochMs: day(-3) - 1 }]);
    expect(cursorOf(once)).toBe('more');
    expect(once.note).toMatchObject({ version: 1, readings: 2, since: dayAt(-10), border: dayAt(-3) });
    expect(once.note).not.toHaveProperty('finishedAt');
    const twice = withPast(once, answer(-3, [-7]), NOW);
    expect(twice.gaps).toEqual([]);
    expect(cursorOf(twice)).toBeUndefined();
    expect(twice.note).toMatchObject({ version: 2, readings: 3, finishedAt: dayAt(0) });
    expect(twice.note.spans).toEqual([{ from: dayAt(-10), through: new Date(day(-3) - 1).toISOString() }]);
  });

  test('without a reading goes on with the cursor alone', () => {
    const once = withPast(task, answer(-3, [], 'more'), NOW);
    expect(once.gaps).toEqual(task.gaps);
    expect(cursorOf(once)).toBe('more');
  });

  test('goes on from its note just as if nothing had ended meanwhile', () => {
    const { note, gaps } = withPast(task, answer(-3, [-9], 'more'), NOW);
    const again = planned(series, SeriesNote.parse(JSON.parse(JSON.stringify(note))), day(-3), wish(-10));
    expect(again.gaps).toEqual(gaps);
    expect(cursorOf(again)).toBe('more');
  });

  test('of a later time does not make the note forget that more was wanted', () => {
    const { note } = withPast(task, answer(-9, [-10]), NOW);
    const later = planned(series, note, day(-3), wish(-5));
    expect(withPast(later, answer(-3, [-4]), NOW).note).toMatchObject({ since: dayAt(-10), readings: 2 });
  });

  test('is a reading beside those that the feed told', () => {
    expect(pastDocuments(series, answer(-3, [-9]))).toEqual([
      {
        id: `${moduleId}:temperature:${dayAt(-9)}`,
        accountId,
        plantId,
        moduleId,
        device: 'weather_station',
        capability: 'temperature',
        value: -9,
        unit: '°C',
        observedAt: dayAt(-9),
        origin: 'history',
      },
    ]);
  });
});

describe('once its account is unlinked', () => {
  test('what is missing of a series comes after that, and before it was linked again', () => {
    const [note] = notesUnlinked([finished(-10)], accountId, dayAt(-2));
    const again = { ...series, linkedAt: dayAt(-1) };
    expect(note?.version).toBe(2);
    expect(planned(again, note, day(-1), wish(-10)).gaps).toEqual([
      { fromEpochMs: day(-2) + 1, toEpochMs: day(-1) - 1 },
    ]);
  });

  test('that changes nothing of others, nor a second time', () => {
    expect(notesUnlinked([finished(-10)], 'acc_other', dayAt(-2))).toEqual([]);
    const notes = notesUnlinked([finished(-10)], accountId, dayAt(-2));
    expect(notesUnlinked(notes, accountId, dayAt(-2))).toEqual([]);
    // Linked again by now, and the feed tells once more that it was unlinked before.
    expect(notesUnlinked([{ ...finished(-10), border: dayAt(-1) }], accountId, dayAt(-2))).toEqual([]);
  });
});

test('a question is about four blocks of the grid, of half hours longer ones, and ends with its gap', () => {
  const reach = (rawStepSeconds: number, toEpochMs = NOW) => {
    const gap = { fromEpochMs: NOW - 300 * DAY_MS, toEpochMs };
    const question = questionOf({ series: { ...series, rawStepSeconds }, gaps: [gap] });
    expect(question.fromEpochMs).toBe(gap.fromEpochMs);
    return (question.toEpochMs + 1 - question.fromEpochMs) / DAY_MS;
  };
  expect(reach(300)).toBeGreaterThan(6);
  expect(reach(300)).toBeLessThanOrEqual(8);
  expect(reach(1_800)).toBeGreaterThan(48);
  expect(reach(1_800)).toBeLessThanOrEqual(64);
  expect(reach(300, NOW - 299 * DAY_MS - 1)).toBe(1);
});
