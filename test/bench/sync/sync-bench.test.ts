/** The short form of `npm run bench -- sync`: that both ways keep every document, and that they are timed. */
import { expect, test } from 'vitest';
import { isReached } from '../figures.ts';
import { feedFigures, memoryFigures, rateFigures } from './bench.ts';

const short = { events: 300, rounds: 1, longEvents: 2_500, farPage: 300 };
const silent = () => undefined;

test.each(['couchdb', 'dynamodb'] as const)('times the copy into %s beside a bare write', async (kind) => {
  const figures = await rateFigures(kind, short, silent);
  expect(figures.map(({ unit }) => unit)).toEqual(['documents/s', 'documents/s', '×']);
  for (const { value } of figures) expect(value).toBeGreaterThan(0);
});

test('measures the memory of the process that copies', async () => {
  const [rate, memory] = await memoryFigures(short, silent);
  expect(rate?.value).toBeGreaterThan(0);
  // Less than Node itself takes would be another process's.
  expect(memory?.value).toBeGreaterThan(30);
});

test('counts read units, which do not depend on where the feed is read', async () => {
  const figures = await feedFigures(short, silent);
  expect(figures.map(({ unit }) => unit)).toEqual(['units', '×', 'units', '×']);
  for (const figure of figures)
    expect([figure.name, figure.value > 0, isReached(figure)]).toEqual([figure.name, true, true]);
});
