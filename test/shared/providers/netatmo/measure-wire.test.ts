import { expect, test } from 'vitest';
import { MeasureBody, readMeasures } from '../../../../shared/providers/netatmo/measure-wire.ts';

const read = (body: unknown) => readMeasures(MeasureBody.parse(body));
const T = 1_730_898_900;

test('reads series and the object by seconds alike', () => {
  const expected = {
    measures: [
      { epochS: T, value: 20.1 },
      { epochS: T + 1800, value: null },
      { epochS: T + 10_800, value: 19.6 },
    ],
    count: 3,
    isWhole: true,
  };
  const series = [
    { beg_time: T, step_time: 1800, value: [[20.1], [null]] },
    // A series of one value has no step.
    { beg_time: T + 10_800, value: [[19.6]] },
  ];
  expect(read(series)).toEqual(expected);
  expect(read(series.map(({ value: values, ...rest }) => ({ ...rest, values })))).toEqual(expected);
  expect(read({ [T]: [20.1], [T + 1800]: [null], [T + 10_800]: [19.6] })).toEqual(expected);
});

test('reads no data at all, which is a list whatever the layout', () => {
  expect(read([])).toEqual({ measures: [], count: 0, isWhole: true });
  expect(read({})).toMatchObject({ count: 0, isWhole: false });
});

test.each([
  ['a series that is none', ['x', { beg_time: T, value: [[1]] }, null], 1, 3],
  ['a series without a beginning', [{ value: [[1]] }, { beg_time: T, value: [[1]] }], 1, 2],
  ['values whose times cannot be told', [{ beg_time: T, value: [[1], [2], [3]] }], 1, 3],
  ['a step that is no number', [{ beg_time: T, step_time: 'x', value: [[1], [2]] }], 1, 2],
  ['slots that are none', [{ beg_time: T, step_time: 60, value: [[1], 'x', [], ['x'], [2]] }], 2, 5],
  ['a series without values', [{ beg_time: T }, { beg_time: T, value: [[1]] }], 1, 1],
  ['keys that are no times', { x: [1], [T]: [1], '-5': [2] }, 1, 3],
])('loses nothing but %s', (_, body, readable, count) => {
  const told = read(body);
  expect(told.measures).toHaveLength(readable);
  expect(told.count).toBe(count);
  expect(told.isWhole).toBe(readable === count);
});

test('refuses what is no body of measures', () => {
  for (const body of ['text', 7, null]) expect(MeasureBody.safeParse(body).success).toBe(false);
});
