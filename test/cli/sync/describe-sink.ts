/** The contract that every sink keeps, registered against a database. */
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Collection, Document, StateDocument } from '../../../cli/sync/document.ts';
import type { Progress, Sink } from '../../../cli/sync/sink.ts';

export interface SinkBench {
  /** Another program on the same database. */
  open(): Sink;
  /** Whatever is in a collection, past any sink. */
  contents(collection: Collection): Promise<Document[]>;
  /** Everything is gone from it. */
  clear(): Promise<void>;
  close(): Promise<void>;
}

const progress: Progress = {
  cursor: 'c1-2.0-1.0-1.0-1.0',
  phase: 'following',
  events: 3,
  lastEventAt: '2026-01-15T12:00:00.000Z',
  updatedAt: '2026-01-15T12:00:01.000Z',
  lastError: { at: '2026-01-15T11:00:00.000Z', message: 'the API is away' },
};

const event = (index: number): Document => ({
  id: `evt_${String(index).padStart(26, '0')}`,
  type: 'latchkey.module.changed',
  time: '2026-01-15T12:00:00.000Z',
  data: { changes: [{ capability: 'temperature', value: 20.5, previous: null }], nothing: undefined },
});
const module = (version: number, more: Partial<StateDocument> = {}): StateDocument => ({
  id: 'mod_00000000000000000000_0000000000000000',
  version,
  name: `Thermostat ${version}`,
  readings: [{ capability: 'temperature', value: 20.5, unit: 'C' }],
  ...more,
});
const reading = (index: number): Document => ({
  id: `${module(1).id}:temperature:2025-01-0${index}T00:00:00.000Z`,
  capability: 'temperature',
  value: index,
  origin: 'history',
});
const plain = (documents: readonly Document[]) =>
  (JSON.parse(JSON.stringify(documents)) as Document[]).toSorted((a, b) => (a.id < b.id ? -1 : 1));

export function describeSink(name: string, start: () => Promise<SinkBench>): void {
  describe(name, async () => {
    const bench = await start();
    afterAll(() => bench.close());
    let sink: Sink;
    beforeEach(async () => {
      await bench.clear();
      sink = await opened();
    });
    afterEach(() => sink.close());
    const opened = async () => {
      const made = bench.open();
      await made.open();
      return made;
    };

    it('is empty at first, and opening it twice does no harm', async () => {
      await (await opened()).close();
      expect(await sink.readProgress()).toBeUndefined();
      expect(await Array.fromAsync(sink.listState('modules'))).toEqual([]);
    });

    it('keeps records as they are, each once, however often they are written', async () => {
      const events = Array.from({ length: 120 }, (_, index) => event(index));
      await sink.addRecords('events', events);
      await sink.addRecords('events', [...events.slice(50), event(120), event(120)]);
      await sink.keepProgress(progress);
      expect(plain(await bench.contents('events'))).toEqual(plain([...events, event(120)]));
      expect(await bench.contents('readings')).toEqual([]);
    });

    it('takes an empty list', async () => {
      await sink.addRecords('events', []);
      await sink.putState('modules', []);
      await sink.removeState('modules', []);
      await sink.keepProgress(progress);
      expect(await bench.contents('events')).toEqual([]);
    });

    it('keeps what a record says in letters of any kind', async () => {
      const odd = {
        ...event(1),
        data: { text: 'é\u{1F3E0}\u2028"\\\n', empty: '', zero: 0, no: false, list: [] },
      };
      await sink.addRecords('events', [odd]);
      await sink.keepProgress(progress);
      expect(await bench.contents('events')).toEqual([odd]);
    });

    it('lists records as they are, more than fit into one answer, and without being opened', async () => {
      const events = Array.from({ length: 2_100 }, (_, index) => event(index));
      const odd = { ...event(2_100), data: { text: 'é\u{1F3E0}\u2028"\\\n\r' } };
      await sink.addRecords('events', [...events, odd]);
      await sink.keepProgress(progress);
      expect(plain(await Array.fromAsync(sink.listRecords('events')))).toEqual(plain([...events, odd]));
      const onlooker = bench.open();
      expect((await Array.fromAsync(onlooker.listRecords('events'))).length).toBe(2_101);
      expect(await Array.fromAsync(onlooker.listRecords('readings'))).toEqual([]);
      await bench.clear();
      expect(await Array.fromAsync(onlooker.listRecords('events'))).toEqual([]);
      await onlooker.close();
    });

    it('writes records over others and takes some away, and the next program goes on from there', async () => {
      const altered = { ...event(1), data: { changes: [] } };
      await sink.addRecords('events', [0, 1, 2, 3].map(event));
      await sink.addRecords('readings', [reading(1)]);
      await sink.keepProgress(progress);
      await sink.replaceRecords('events', [altered, event(4)]);
      await sink.removeRecords('events', [event(0).id, event(2).id, 'evt_that_is_not_there']);
      expect(plain(await bench.contents('events'))).toEqual(plain([altered, event(3), event(4)]));
      expect(await sink.readProgress()).toEqual(progress);
      // Nothing says that it ended: all that was done is durable.
      const next = await opened();
      await next.addRecords('events', [event(2), event(3), event(4), event(5)]);
      await next.keepProgress({ ...progress, events: 6 });
      const all = [altered, ...[2, 3, 4, 5].map(event)];
      expect(plain(await bench.contents('events'))).toEqual(plain(all));
      expect(plain(await bench.contents('readings'))).toEqual(plain([reading(1)]));
      await next.replaceRecords('events', []);
      await next.removeRecords('events', []);
      expect(plain(await Array.fromAsync(next.listRecords('events')))).toEqual(plain(all));
      await next.close();
    });

    it('keeps state without another progress', async () => {
      await sink.keepProgress(progress);
      await sink.putState('modules', [module(2)]);
      await sink.removeState('modules', [module(2).id]);
      await sink.putState('modules', [module(1)]);
      await sink.keepState();
      expect(plain(await bench.contents('modules'))).toEqual(plain([module(1)]));
      expect(await sink.readProgress()).toEqual(progress);
    });

    it('writes newer state over older, never older over newer', async () => {
      const shown = async () => {
        await sink.keepProgress(progress);
        return plain(await bench.contents('modules'));
      };
      await sink.putState('modules', [module(2)]);
      expect(await shown()).toEqual(plain([module(2)]));
      await sink.putState('modules', [module(1)]);
      expect(await shown()).toEqual(plain([module(2)]));
      await sink.putState('modules', [module(2, { name: 'Renamed' })]);
      expect(await shown()).toEqual(plain([module(2, { name: 'Renamed' })]));
      await sink.putState('modules', [module(3)]);
      expect(await shown()).toEqual(plain([module(3)]));
    });

    it('takes state away, and takes it again with any version', async () => {
      await sink.putState('modules', [module(7), module(1, { id: 'mod_other' })]);
      await sink.removeState('modules', [module(7).id, 'mod_that_is_not_there']);
      await sink.keepProgress(progress);
      expect((await bench.contents('modules')).map(({ id }) => id)).toEqual(['mod_other']);
      await sink.putState('modules', [module(1)]);
      await sink.keepProgress(progress);
      expect(plain(await Array.fromAsync(sink.listState('modules')))).toEqual(
        plain([module(1), module(1, { id: 'mod_other' })]),
      );
    });

    it('lists more state than fits into one answer', async () => {
      const many = Array.from({ length: 1_300 }, (_, index) => module(1, { id: `mod_${index}` }));
      await sink.putState('modules', many);
      await sink.keepProgress(progress);
      expect((await Array.fromAsync(sink.listState('modules'))).length).toBe(1_300);
    });

    it('lists all that stays, though some is taken away meanwhile', async () => {
      const many = Array.from({ length: 1_300 }, (_, index) => module(1, { id: `mod_${index}` }));
      await sink.putState('modules', many);
      const listed: string[] = [];
      for await (const { id } of sink.listState('modules')) {
        listed.push(id);
        if (listed.length % 500 === 0) await sink.removeState('modules', [id]);
      }
      expect(listed.toSorted()).toEqual(many.map(({ id }) => id).toSorted());
    });

    it('keeps a note once the records are kept that it stands for, and lets them be written again', async () => {
      const note = (version: number, through: string): StateDocument => ({
        id: `${module(1).id}:temperature`,
        version,
        spans: [{ from: '2025-01-01T00:00:00.000Z', through }],
      });
      await sink.addRecords('readings', [reading(1)]);
      await sink.putState('backfills', [note(1, '2025-01-02T00:00:00.000Z')]);
      await sink.keepProgress(progress);
      await sink.addRecords('readings', [reading(2)]);
      await sink.putState('backfills', [note(2, '2025-01-03T00:00:00.000Z')]);
      // Nothing says that it ended: the next one finds whatever is there.
      const next = await opened();
      const [found] = await Array.fromAsync(next.listState('backfills'));
      const kept = (await bench.contents('readings')).map(({ id }) => id);
      expect(kept).toContain(reading(1).id);
      if (found?.version === 2) expect(kept).toContain(reading(2).id);
      await next.addRecords('readings', [reading(2), reading(3)]);
      await next.putState('backfills', [note(3, '2025-01-04T00:00:00.000Z')]);
      await next.keepProgress(progress);
      expect(plain(await bench.contents('readings'))).toEqual(plain([1, 2, 3].map(reading)));
      expect(plain(await bench.contents('backfills'))).toEqual(plain([note(3, '2025-01-04T00:00:00.000Z')]));
      expect(await bench.contents('modules')).toEqual([]);
      await next.close();
    });

    it('tells what is there without being opened, also where there is nothing', async () => {
      await sink.putState('modules', [module(1)]);
      await sink.keepProgress(progress);
      const onlooker = bench.open();
      expect(await onlooker.readProgress()).toEqual(progress);
      expect(plain(await Array.fromAsync(onlooker.listState('modules')))).toEqual(plain([module(1)]));
      expect(await Array.fromAsync(onlooker.listState('backfills'))).toEqual([]);
      await onlooker.close();
      await bench.clear();
      const early = bench.open();
      expect(await early.readProgress()).toBeUndefined();
      expect(await Array.fromAsync(early.listState('backfills'))).toEqual([]);
      await early.close();
    });

    it('tells the next program how far it has come', async () => {
      await sink.addRecords('events', [event(1)]);
      await sink.keepProgress(progress);
      await sink.keepProgress({ ...progress, events: 4 });
      await sink.close();
      const next = await opened();
      expect(await next.readProgress()).toEqual({ ...progress, events: 4 });
      await next.addRecords('events', [event(1), event(2)]);
      await next.keepProgress(progress);
      expect(plain(await bench.contents('events'))).toEqual(plain([event(1), event(2)]));
      await next.close();
    });

    it('has each record once after a program that died before it kept its progress', async () => {
      await sink.addRecords('events', [event(1)]);
      await sink.keepProgress(progress);
      await sink.addRecords('events', [event(2), event(3)]);
      // Nothing says that it ended: the next one finds whatever is there.
      const next = await opened();
      await next.addRecords('events', [event(2), event(3), event(4)]);
      await next.keepProgress(progress);
      expect(plain(await bench.contents('events'))).toEqual(plain([1, 2, 3, 4].map(event)));
      await next.close();
    });
  });
}
