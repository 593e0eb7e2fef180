import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cutText, parseJson } from '../../../shared/domain/text.ts';

const HOUSE = '\u{1f3e0}';

describe('what is JSON', () => {
  test.each([
    ['a pair', String.raw`"\ud83c\udfe0"`, HOUSE],
    ['a pair in capitals', String.raw`"\uD83C\uDFE0"`, HOUSE],
    ['a character as it is', `"${HOUSE}"`, HOUSE],
    ['the first half', String.raw`"a\ud83c"`, 'a\ufffd'],
    ['the second half', String.raw`"\udfe0a"`, '\ufffda'],
    ['both, the wrong way round', String.raw`"\udfe0\ud83c"`, '\ufffd\ufffd'],
    ['half before a pair', String.raw`"\ud83c\ud83c\udfe0"`, `\ufffd${HOUSE}`],
    ['half before another escape', String.raw`"\ud83c\n"`, '\ufffd\n'],
    ['what only looks like half', String.raw`"\\ud83c"`, String.raw`\ud83c`],
    ['half behind a backslash', String.raw`"\\\ud83c"`, '\\\ufffd'],
    ['half of a name', String.raw`{"\ud83c":1}`, { '\ufffd': 1 }],
  ])('is read with %s', (_, text, value) => {
    expect(parseJson(text)).toEqual(value);
  });

  test('is read as JavaScript reads it where all characters are whole', () => {
    const whole = fc.json({ stringUnit: 'binary' });
    fc.assert(
      fc.property(whole, (text) => {
        expect(parseJson(text)).toEqual(JSON.parse(text));
      }),
    );
  });

  test('is never read to less than whole characters', () => {
    const units = fc.array(fc.constantFrom('\ud83c', '\udfe0', '\\', '"', 'u', 'd83c', 'é'));
    fc.assert(
      fc.property(units, (parts) => {
        const text = parts.join('');
        expect(parseJson(JSON.stringify(text))).toBe(text.toWellFormed());
      }),
    );
  });

  test.each(['', '{', "{'a':1}", String.raw`"\ud8"`, 'undefined'])('is not «%s»', (text) => {
    expect(parseJson(text)).toBeUndefined();
  });
});

test('a text is cut between characters', () => {
  expect(cutText(`ab${HOUSE}`, 4)).toBe(`ab${HOUSE}`);
  expect(cutText(`ab${HOUSE}`, 3)).toBe('ab');
  expect(cutText(`ab${HOUSE}`, 2)).toBe('ab');
  expect(cutText('', 3)).toBe('');
});
