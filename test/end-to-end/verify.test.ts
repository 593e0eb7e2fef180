/** The proof of the copy on premises: what is planted in it is named, mended, and nothing else is touched. */
import { once } from 'node:events';
import { afterAll, describe, expect, test } from 'vitest';
import * as z from 'zod';
import { comparedCollections } from '../../cli/verify/difference.ts';
import { startCouchdb, startDynamodb, startFiles } from '../cli/sync/databases.ts';
import { contentsOf, type Ghosts, inOrder, plant, plantNames } from './planting.ts';
import { useProof } from './proof.ts';

const { wiretap, program, home, turn, sync, verify, ghostsIn } = await useProof();

describe.each([
  ['files', startFiles],
  ['CouchDB', startCouchdb],
  ['DynamoDB', startDynamodb],
])('of %s', async (name, startDatabase) => {
  const database = await startDatabase();
  afterAll(() => database.close());
  let ghosts: Ghosts = [];

  /** What CouchDB counts its writes of each document by; elsewhere nothing tells them. */
  async function revisions(): Promise<Map<string, string>> {
    const found = new Map<string, string>();
    if (name !== 'CouchDB') return found;
    const url = database.target.replace('couchdb+', '').replace(/\/\/.*@/, '//');
    const Rows = z.object({
      rows: z.array(z.object({ id: z.string(), value: z.object({ rev: z.string() }) })),
    });
    for (const collection of comparedCollections) {
      const answer = await fetch(`${url}_${collection}/_all_docs`);
      for (const { id, value } of Rows.parse(await answer.json()).rows)
        found.set(`${collection} ${id}`, value.rev);
    }
    return found;
  }

  test('a target that nothing was copied to is told so', async () => {
    expect(await program.run(database.target, 'verify')).toMatchObject({
      exitCode: 3,
      out: expect.stringContaining('nothing has been copied yet'),
    });
    const { exitCode, out } = await program.run(database.target, 'verify', '--repair', '--json');
    expect([exitCode, JSON.parse(out)]).toEqual([
      3,
      expect.objectContaining({ phase: 'empty', isEqual: false }),
    ]);
  });

  test('a whole copy is equal, and no event is read again to tell that', async () => {
    ghosts = await ghostsIn(database);
    expect(ghosts.map(({ collection }) => collection)).toEqual(['accounts', 'plants', 'modules']);
    wiretap.taken();
    const verdict = await verify(database);
    expect(verdict).toMatchObject({
      exitCode: 0,
      isEqual: true,
      differences: 0,
      found: [],
      behind: [],
      past: 0,
    });
    for (const collection of comparedCollections)
      expect(verdict.documents[collection]).toBe((await database.contents(collection)).length);
    const { paths, events } = wiretap.taken();
    expect(paths).toContain('/v1/digests/feed');
    expect(events).toBe(0);
    expect(paths.filter((path) => /^\/v1\/(?:accounts|plants|modules)/.test(path))).toEqual([]);
  });

  test('whatever is planted is named, mended, and nothing else is written', async () => {
    const [before, revisionsBefore] = [await contentsOf(database), await revisions()];
    const planted = await plant(database, plantNames, ghosts);
    const touched = new Set(planted.map(({ collection, id }) => `${collection} ${id}`));
    expect(touched.size).toBe(planted.length);

    const told = await program.run(database.target, 'verify');
    expect(told.exitCode).toBe(3);
    for (const { kind, id } of planted) expect(told.out).toContain(`    ${kind} ${id}\n`);
    const found = await verify(database);
    expect(found).toMatchObject({ exitCode: 3, isEqual: false });
    expect(inOrder(found.found)).toEqual(inOrder(planted));

    const mended = await verify(database, '--repair');
    expect(mended).toMatchObject({ exitCode: 0, isEqual: true, left: [], differences: planted.length });
    expect(inOrder(mended.found)).toEqual(inOrder(planted));
    expect(await contentsOf(database)).toEqual(before);
    for (const [id, revision] of await revisions())
      if (!touched.has(id)) expect([id, revision]).toEqual([id, revisionsBefore.get(id)]);
    expect(await verify(database)).toMatchObject({ exitCode: 0, isEqual: true, differences: 0 });
  });

  test('a copy that is behind is equal as far as it has come', async () => {
    await sync(database);
    await turn();
    expect(await verify(database)).toMatchObject({
      exitCode: 0,
      isEqual: true,
      differences: 0,
      behind: [home().accountId],
      pending: { events: expect.any(Number) },
    });
    const { out } = await program.run(database.target, 'verify');
    expect(out).toMatch(/1 account behind: .*\nnot copied yet: \d+ events?, the first of .*\n/);
    await sync(database);
    expect(await verify(database)).toMatchObject({ exitCode: 0, behind: [], pending: { events: 0 } });
  });

  test('a sync may go on meanwhile', async () => {
    const child = program.start(database.target, 'sync');
    const turning = (async () => {
      for (let turns = 0; turns < 6; turns++) await turn();
    })();
    const seen = [await verify(database), await verify(database)];
    const repaired = await program.run(database.target, 'verify', '--repair');
    await turning;
    expect(child.exitCode).toBeNull();
    child.kill('SIGINT');
    await once(child, 'close');
    for (const verdict of seen) expect(verdict).toMatchObject({ exitCode: 0, differences: 0 });
    expect(repaired).toMatchObject(
      name === 'files'
        ? {
            exitCode: 1,
            err: expect.stringContaining(`is being written by process ${child.pid}: stop it first`),
          }
        : { exitCode: 0 },
    );
    await sync(database);
    expect(await verify(database)).toMatchObject({ exitCode: 0, isEqual: true });
  });
});
