import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import type { Reading } from '../../../shared/domain/reading.ts';
import { NOW } from './samples.ts';
import { times, useStore } from './use-store.ts';

const { store } = useStore();
const readings = () => store().readings;
const reading = (observedAt: string, value = 20): Reading => ({
  value,
  unit: 'C',
  observedAt,
  receivedAt: NOW,
});

async function moduleWith(...observedAt: string[]): Promise<string> {
  const moduleId = randomUUID();
  await Promise.all(observedAt.map((at) => readings().put(moduleId, 'temperature', reading(at))));
  return moduleId;
}

const timesOf = async (moduleId: string, wish: { from?: string; to?: string } = {}) =>
  (await readings().range({ moduleId, capability: 'temperature', limit: 100, ...wish })).items.map(
    ({ observedAt }) => observedAt,
  );

test('gives history oldest first, one capability at a time', async () => {
  const moduleId = await moduleWith('2026-01-05T08:00:00.000Z', '2026-01-04T08:00:00.000Z');
  await readings().put(moduleId, 'setpoint', reading(NOW));
  expect(await timesOf(moduleId)).toEqual(['2026-01-04T08:00:00.000Z', '2026-01-05T08:00:00.000Z']);
});

test('includes both ends, whether or not they name fractions of a second', async () => {
  const at = [
    '2026-01-05T07:59:59Z',
    '2026-01-05T08:00:00Z',
    '2026-01-05T08:00:00.500Z',
    '2026-01-05T08:00:01Z',
  ];
  const moduleId = await moduleWith(...at);
  expect(await timesOf(moduleId)).toEqual(at);
  for (const end of ['2026-01-05T08:00:00Z', '2026-01-05T08:00:00.000Z', '2026-01-05T08:00Z']) {
    expect(await timesOf(moduleId, { from: end })).toEqual(at.slice(1));
    expect(await timesOf(moduleId, { to: end })).toEqual(at.slice(0, 2));
  }
});

test('counts the same reading twice as one, however its time is written', async () => {
  const moduleId = await moduleWith('2026-01-05T08:00:00Z', '2026-01-05T08:00:00.000Z');
  expect(await timesOf(moduleId)).toHaveLength(1);
});

test('goes on where a page ended', async () => {
  const at = times(5, (i) => `2026-01-05T08:00:0${i}.000Z`);
  const moduleId = await moduleWith(...at);
  const wish = { moduleId, capability: 'temperature' as const, limit: 3 };
  const first = await readings().range(wish);
  const second = await readings().range({ ...wish, ...(first.next && { after: first.next }) });
  expect([...first.items, ...second.items].map(({ observedAt }) => observedAt)).toEqual(at);
});

test("refuses a cursor of another module's history", async () => {
  const [moduleId, other] = [await moduleWith(NOW), await moduleWith(NOW, '2026-01-05T09:00:00.000Z')];
  const { next } = await readings().range({ moduleId: other, capability: 'temperature', limit: 1 });
  const page = readings().range({
    moduleId,
    capability: 'temperature',
    limit: 1,
    ...(next && { after: next }),
  });
  await expect(page).rejects.toMatchObject({ code: 'request_invalid' });
});

test("forgets a module's history and nobody else's", async () => {
  const [moduleId, other] = [await moduleWith(NOW), await moduleWith(NOW)];
  await readings().deleteOf(moduleId);
  expect(await timesOf(moduleId)).toEqual([]);
  expect(await timesOf(other)).toEqual([NOW]);
});
