/** Damage to a copy, past the program that made it. */
import type { Collection, Document, StateCollection, StateDocument } from '../../cli/sync/document.ts';
import type { Sink } from '../../cli/sync/sink.ts';
import { comparedCollections } from '../../cli/verify/difference.ts';
import type { Database } from '../cli/sync/databases.ts';
import { present } from './until.ts';

/** What somebody left in the copy before their account was unlinked, as the copy had it. */
export type Ghosts = readonly { readonly collection: StateCollection; readonly document: StateDocument }[];

export const named = (collection: string, kind: string, id: string) => ({ collection, kind, id });
export type Named = ReturnType<typeof named>;
export const inOrder = (differences: readonly Named[]) =>
  differences.map(({ collection, kind, id }) => `${collection} ${kind} ${id}`).toSorted();

/** Everything that is compared, by collection and id. */
export async function contentsOf(database: Database): Promise<Map<string, Document>> {
  const found = new Map<string, Document>();
  for (const collection of comparedCollections)
    for (const document of await database.contents(collection))
      found.set(`${collection} ${document.id}`, document);
  return found;
}

export async function writeTo(database: Database, work: (sink: Sink) => Promise<void>): Promise<void> {
  const sink = database.open();
  await sink.open();
  await work(sink);
  await sink.keepState();
  await sink.close();
}

export const lastOf = async (database: Database, collection: Collection) =>
  present((await database.contents(collection)).at(-1), `document of ${collection}`);
/** One that tells readings: so a copy can lack it and have them. */
const changeIn = async (database: Database) =>
  present(
    (await database.contents('events')).find(({ type }) => type === 'latchkey.module.changed'),
    'event',
  );

/** Each does its damage, and names it as `verify` is to. */
const plants: Readonly<Record<string, (database: Database, sink: Sink, ghosts: Ghosts) => Promise<Named[]>>> =
  {
    'a missing event': async (database, sink) => {
      const { id } = await changeIn(database);
      await sink.removeRecords('events', [id]);
      return [named('events', 'missing', id)];
    },
    'an event of other words': async (database, sink) => {
      const event = await lastOf(database, 'events');
      await sink.replaceRecords('events', [{ ...event, subject: 'somebody else' }]);
      return [named('events', 'changed', event.id)];
    },
    'a missing reading': async (database, sink) => {
      const { id } = present((await database.contents('readings'))[0], 'reading');
      await sink.removeRecords('readings', [id]);
      return [named('readings', 'missing', id)];
    },
    'a reading of another value': async (database, sink) => {
      const reading = await lastOf(database, 'readings');
      await sink.replaceRecords('readings', [{ ...reading, value: 99.5 }]);
      return [named('readings', 'changed', reading.id)];
    },
    'a reading that nobody told, at a place in the feed': async (database, sink) => {
      const reading = present((await database.contents('readings'))[1], 'reading');
      await sink.replaceRecords('readings', [{ ...reading, id: 'evt_nobody:setpoint' }]);
      return [named('readings', 'extra', 'evt_nobody:setpoint')];
    },
    'a reading that nobody told, at no place': async (database, sink) => {
      const { sequence: _, ...reading } = await lastOf(database, 'readings');
      await sink.replaceRecords('readings', [{ ...reading, id: 'evt_nowhere:setpoint' }]);
      return [named('readings', 'extra', 'evt_nowhere:setpoint')];
    },
    'a module of another name, and of a version to come': async (database, sink) => {
      const module = (await lastOf(database, 'modules')) as StateDocument;
      await sink.putState('modules', [{ ...module, name: 'Changed', version: module.version + 5 }]);
      return [named('modules', 'changed', module.id)];
    },
    'a missing plant': async (database, sink) => {
      const { id } = await lastOf(database, 'plants');
      await sink.removeState('plants', [id]);
      return [named('plants', 'missing', id)];
    },
    'an account that was unlinked, and what was its': async (_, sink, ghosts) => {
      for (const { collection, document } of ghosts) await sink.putState(collection, [document]);
      return ghosts.map(({ collection, document }) => named(collection, 'extra', document.id));
    },
  };

export const plantNames = Object.keys(plants);

/** @returns what `verify` is to name */
export async function plant(database: Database, names: readonly string[], ghosts: Ghosts): Promise<Named[]> {
  const planted: Named[] = [];
  await writeTo(database, async (sink) => {
    for (const name of names) planted.push(...(await present(plants[name], name)(database, sink, ghosts)));
  });
  return planted;
}
