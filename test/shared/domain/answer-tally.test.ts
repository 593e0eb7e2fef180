import { describe, expect, test } from 'vitest';
import { type AnswerTally, countFailures } from '../../../shared/domain/answer-tally.ts';
import { at } from './samples.ts';

const ban = { failures: 20, seconds: 60, mostSeconds: 1_200, forgivenAfterSeconds: 86_400 };
const tallyOf = (failures: number, lastFailureAt = at(0)): AnswerTally => ({
  failures,
  lastFailureAt,
  toldBy: [],
});
const count = (before: AnswerTally | undefined, failures: number, seconds = 10, deliveryId = 'd') =>
  countFailures(before, { deliveryId, failures, since: at(seconds - 5), at: at(seconds) }, ban);

describe('failed answers in a row', () => {
  const inRow = { failures: 5, seconds: 86_400, mostSeconds: 86_400, forgivenAfterSeconds: 3_600 };
  const told = (before: AnswerTally | undefined, failures: number, since: number, seconds: number) =>
    countFailures(
      before,
      { deliveryId: `d-${seconds}`, failures, since: at(since), at: at(seconds) },
      { ...inRow, isForgivenByAnswer: true },
    );

  test('are a ban with the fifth, told of by one or by processes that failed at the same time', () => {
    expect(told(undefined, 5, 0, 10)?.banSeconds).toBe(86_400);
    const first = told(undefined, 3, 0, 10);
    expect(first?.banSeconds).toBeUndefined();
    expect(told(first?.tally, 2, 5, 12)?.banSeconds).toBe(86_400);
  });

  test('begin anew after a good answer', () => {
    const first = told(undefined, 4, 0, 10);
    const next = told(first?.tally, 4, 11, 20);
    expect(next?.banSeconds).toBeUndefined();
    expect(next?.tally.failures).toBe(4);
  });
});

describe('failed answers', () => {
  test('add up, with who told of them', () => {
    expect(count(undefined, 3)?.tally).toEqual({ failures: 3, lastFailureAt: at(10), toldBy: ['d'] });
    expect(count(tallyOf(3), 4)?.tally.failures).toBe(7);
  });

  test('that one delivery told of are counted once, however often it is projected', () => {
    expect(count(count(undefined, 3)?.tally, 3)).toBeUndefined();
  });

  test('are forgiven after a day without one', () => {
    expect(count(tallyOf(19), 1, 86_400)?.tally.failures).toBe(20);
    expect(count(tallyOf(19), 1, 86_401)?.tally.failures).toBe(1);
  });

  test('that were told late do not make the last one earlier', () => {
    expect(count(tallyOf(3, at(50)), 1, 10)?.tally.lastFailureAt).toBe(at(50));
  });

  test('are remembered with the latest twenty that told of them', () => {
    let tally: AnswerTally | undefined;
    for (let told = 1; told <= 30; told++) tally = count(tally, 1, told, `d-${told}`)?.tally;
    expect(tally?.toldBy).toHaveLength(20);
    expect(tally?.toldBy.at(-1)).toBe('d-30');
    expect(tally?.failures).toBe(30);
  });
});

describe('a ban', () => {
  test.each([
    [0, 9, false],
    [9, 1, true],
    [10, 1, false],
    [0, 25, true],
    [29, 1, true],
  ])('after %i failures and %i more is nearer than half-way: %s', (before, more, isNear) => {
    expect(count(tallyOf(before), more)?.isNear).toBe(isNear);
  });

  test.each([
    [0, 19, undefined],
    [19, 1, 60],
    [20, 1, undefined],
    [39, 1, 120],
    [19, 21, 120],
    [399, 1, 1_200],
    [599, 1, 1_200],
  ])('begins with every twentieth: after %i, %i more mean %s seconds', (before, more, seconds) => {
    expect(count(tallyOf(before), more)?.banSeconds).toBe(seconds);
  });
});
