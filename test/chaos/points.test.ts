import { expect, test } from 'vitest';
import { createMomentOf, describePoints, pointsOf } from './points.ts';

const acquire = ['UpdateItem', 'TOKEN'] as const;
const arm = ['GetSecretValue', 'account secret'] as const;
const exchange = ['POST', '/token'] as const;
const keep = ['PutSecretValue', 'account secret'] as const;
const commit = acquire;

function callsOf(...steps: (readonly [action: string, subject: string])[]) {
  return steps.map(([action, subject], index) => ({ index, action, subject }));
}

/** The moment of each point, in order. */
function momentsOf(...steps: Parameters<typeof callsOf>) {
  const calls = callsOf(...steps);
  return pointsOf(calls).map(createMomentOf(calls));
}

test('tells the moments of a rotation by what has happened by then', () => {
  expect(momentsOf(['Query', 'due'], acquire, arm, exchange, keep, commit)).toEqual([
    ...Array(4).fill('before the lease'),
    ...Array(4).fill('lease taken, before arming'),
    'armed, before sending',
    'sent, never arrived',
    'server committed, answer in flight',
    'answer in memory, before Keep',
    'answer in memory, before Keep',
    'during Keep',
    'after Keep, before Commit',
    'after Keep, before Commit',
    'after Commit',
    'after Commit',
  ]);
});

test('knows that a sealed token set is kept by the commit, and comes with the pointer', () => {
  expect(momentsOf(acquire, exchange, commit)).toEqual([
    'before the lease',
    'lease taken, before arming',
    'armed, before sending',
    'sent, never arrived',
    'server committed, answer in flight',
    'answer in memory, before Keep',
    'answer in memory, before Keep',
    'after Commit',
    'after Commit',
  ]);
});

test('refuses a run that did not rotate', () => {
  expect(() => momentsOf(['Query', 'due'])).toThrow(RangeError);
  expect(() => momentsOf(acquire, arm, exchange)).toThrow(RangeError);
});

test('describes points by their calls, and in which phase where it is not all', () => {
  const points = pointsOf(callsOf(['Query', 'due'], ['Query', 'due'], acquire));
  expect(describePoints(points)).toBe('`Query due` ×2, `UpdateItem TOKEN`');
  expect(describePoints(points.slice(-2))).toBe('`UpdateItem TOKEN` done or answered');
});
