/** What the providers keep of the past, as the API tells it, beside what a copy has of it. */
import { expect } from 'vitest';
import type { Document } from '../../cli/sync/document.ts';
import type { Client } from '../../infra/local/demo/client.ts';
import { SETTLING_MS } from '../../shared/domain/history.ts';
import type { Database } from '../cli/sync/databases.ts';
import { present } from './until.ts';

export interface Series {
  readonly accountId: string;
  readonly moduleId: string;
  readonly capability: string;
}

export const daysAgo = (days: number) => new Date(Date.now() - days * 86_400_000).toISOString();

export async function seriesOf(client: Client, accountId: string): Promise<Series[]> {
  return (await client.modules(accountId)).flatMap(({ id: moduleId, history }) =>
    history.map(({ capability }) => ({ accountId, moduleId, capability })),
  );
}

/** What the API tells of a time, page by page, by the ids that it has in a copy. */
async function told(client: Client, { moduleId, capability }: Series, from: string, to: string) {
  const values = new Map<string, unknown>();
  for (let after: string | undefined; ; ) {
    const question = { capability, from, to, limit: '1000', ...(after !== undefined && { after }) };
    const page = await client.history(moduleId, question);
    for (const { time, value } of page.items) values.set(`${moduleId}:${capability}:${time}`, value);
    if (page.next === undefined) return values;
    after = page.next;
  }
}

/** That a copy has the past of all these since a time, each reading once, up to where it had settled. */
export async function expectPast(
  client: Client,
  database: Database,
  series: readonly Series[],
  since: string,
): Promise<void> {
  const past = (await database.contents('readings')).filter(({ origin }) => origin === 'history');
  expect(new Set(past.map(({ id }) => id)).size).toBe(past.length);
  const notes = new Map((await database.contents('backfills')).map((note) => [note.id, note]));
  const expected = new Map<string, unknown>();
  for (const each of series) {
    const note = present(notes.get(`${each.moduleId}:${each.capability}`), 'note of the series');
    expect(note).toMatchObject({ since, finishedAt: expect.any(String) });
    const until = String(note.until);
    // Not sooner than it must be.
    expect(Date.now() - Date.parse(until)).toBeLessThan(SETTLING_MS + 3_600_000);
    for (const [id, value] of await told(client, each, since, until)) expected.set(id, value);
  }
  expect(expected.size).toBeGreaterThan(0);
  expect(new Map(past.map(({ id, value }) => [id, value]))).toEqual(expected);
  for (const reading of past) expect(reading).toMatchObject(partsOf(reading, series));
}

/** What every reading tells beside its value. */
function partsOf({ id, observedAt, capability, moduleId }: Document, series: readonly Series[]) {
  const own = series.find((each) => each.moduleId === moduleId && each.capability === capability);
  const { accountId } = present(own, `series of ${id}`);
  expect(id).toBe(`${moduleId}:${capability}:${observedAt}`);
  return { accountId, plantId: expect.stringMatching(/^plt_/), device: expect.any(String) };
}
