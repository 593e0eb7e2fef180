/** The short form of `npm run bench -- sync`: that both ways keep every document, and that they are timed. */
import { expect, test } from 'vitest';
import { isReached } from '../figures.ts';
import { feedFigures, memoryFigures, rateFigures, verifyFigures } from './bench.ts';

const short = { events: 300, rounds: 1, longEvents: 2_500, farPage: 300, comparedEvents: 600 };
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

test('compares a copy with its source, and counts the bytes that both took', async () => {
  const [copied, compared, share] = await verifyFigures(short, silent);
  // Each of the events is some 700 bytes.
  expect(copied?.value).toBeGreaterThan((short.comparedEvents * 600) / 1e6);
  expect(compared?.value).toBeGreaterThan(0.5);
  expect(share?.value).toBeCloseTo(((compared?.value ?? 0) / 1e3 / (copied?.value ?? 1)) * 100, 0);
});
