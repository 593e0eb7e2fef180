import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cursorAt, gapsIn, type Span, withRead } from '../../../../cli/sync/backfill/spans.ts';

const span = (fromEpochMs: number, toEpochMs: number, next?: string): Span => ({
  fromEpochMs,
  toEpochMs,
  ...(next !== undefined && { next }),
});

describe('what is missing', () => {
  test.each([
    ['all of nothing', [], [[10, 20]]],
    ['what comes after', [span(0, 12)], [[13, 20]]],
    ['what comes before', [span(15, 30)], [[10, 14]]],
    [
      'what is between',
      [span(12, 13), span(17, 20)],
      [
        [10, 11],
        [14, 16],
      ],
    ],
    ['nothing of what is there', [span(5, 25)], []],
    ['nothing that lies elsewhere', [span(1, 2), span(30, 40)], [[10, 20]]],
  ])('is %s', (_, spans, gaps) => {
    expect(gapsIn(spans, span(10, 20))).toEqual(gaps.map(([from = 0, to = 0]) => span(from, to)));
  });

  test('is nothing of an empty time', () => {
    expect(gapsIn([], span(10, 9))).toEqual([]);
  });
});

describe('what was read', () => {
  test('goes on where it ended, with the cursor of the last answer', () => {
    const once = withRead([], span(10, 12, 'a'));
    expect(cursorAt(once, 13)).toBe('a');
    expect(cursorAt(once, 12)).toBeUndefined();
    const twice = withRead(once, span(13, 15, 'b'));
    expect(twice).toEqual([span(10, 15, 'b')]);
    expect(withRead(twice, span(16, 20))).toEqual([span(10, 20)]);
  });

  test('of an answer without points has its cursor alone', () => {
    const once = withRead([], span(10, 9, 'a'));
    expect(cursorAt(once, 10)).toBe('a');
    expect(gapsIn(once, span(10, 20))).toEqual([span(10, 20)]);
    expect(withRead(once, span(10, 9, 'b'))).toEqual([span(10, 9, 'b')]);
    expect(withRead(once, span(10, 20))).toEqual([span(10, 20)]);
  });

  test('closes the gap to what was read before, and keeps where that went on', () => {
    const later = withRead([], span(30, 40, 'later'));
    expect(withRead(later, span(10, 20, 'earlier'))).toEqual([
      span(10, 20, 'earlier'),
      span(30, 40, 'later'),
    ]);
    expect(withRead(later, span(10, 29))).toEqual([span(10, 40, 'later')]);
  });
});

test('read gap by gap in any steps and for any wishes, everything is there in the end, and nothing was read twice', () => {
  const wish = fc.record({
    from: fc.nat(50),
    length: fc.nat(60),
    steps: fc.array(fc.integer({ min: 0, max: 20 })),
  });
  fc.assert(
    fc.property(fc.array(wish, { maxLength: 6 }), (wishes) => {
      const read = new Map<number, number>();
      let spans: Span[] = [];
      const take = (from: number, to: number, next?: string) => {
        for (let at = from; at <= to; at++) read.set(at, (read.get(at) ?? 0) + 1);
        spans = withRead(spans, span(from, to, next));
      };
      for (const { from, length, steps } of wishes) {
        // Cut off after some steps.
        for (const step of steps) {
          const [gap] = gapsIn(spans, span(from, from + length));
          if (gap) take(gap.fromEpochMs, Math.min(gap.toEpochMs, gap.fromEpochMs + step - 1), 'more');
        }
      }
      for (const { from, length } of wishes)
        for (let gap = gapsIn(spans, span(from, from + length))[0]; gap; ) {
          take(gap.fromEpochMs, gap.toEpochMs);
          gap = gapsIn(spans, span(from, from + length))[0];
        }
      const wanted = wishes.flatMap(({ from, length }) =>
        Array.from({ length: length + 1 }, (_, at) => from + at),
      );
      expect([...read.keys()].toSorted((a, b) => a - b)).toEqual(
        [...new Set(wanted)].toSorted((a, b) => a - b),
      );
      expect([...read.values()].every((times) => times === 1)).toBe(true);
    }),
  );
});
