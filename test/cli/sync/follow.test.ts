/** What the copy makes of plants and modules that go and come back while nobody copies: they count from the beginning. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { connectApi } from '../../../cli/api.ts';
import { runSync } from '../../../cli/sync/run-sync.ts';
import { createSource } from '../../../cli/sync/source.ts';
import { status } from '../../../cli/sync/status-command.ts';
import { presentModule, presentPlant } from '../../../shared/api/present.ts';
import { type Fact, type FedEvent, toEvent } from '../../../shared/domain/event.ts';
import { writeSequence } from '../../../shared/domain/feed-place.ts';
import type { Module } from '../../../shared/domain/module.ts';
import type { Plant } from '../../../shared/domain/plant.ts';
import { accountId, at, module, moduleId, plant, plantId, T0 } from '../../shared/domain/samples.ts';
import { type Database, startFiles } from './databases.ts';

/**
 * What there is behind the API, as the test would have it. `shortAnswers` of the feed end by their time, before they find
 * anything.
 */
const world: { plants: Plant[]; modules: Module[]; events: FedEvent[]; shortAnswers: number } = {
  plants: [],
  modules: [],
  events: [],
  shortAnswers: 0,
};
let server: Server;
let database: Database;

beforeEach(async () => {
  Object.assign(world, {
    plants: [{ ...plant, version: 4 }],
    modules: [{ ...module, version: 57 }],
    events: [],
    shortAnswers: 0,
  });
  database = await startFiles();
  server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://127.0.0.1');
    const found = answer(url.pathname.split('/').slice(2), url.searchParams);
    response.writeHead(found ? 200 : 404, { 'content-type': 'application/json' });
    response.end(JSON.stringify(found ?? { title: 'unknown' }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterEach(async () => {
  await new Promise((resolve) => server.close(resolve));
  await database.close();
});

function answer([collection, id]: string[], query: URLSearchParams): unknown {
  if (collection === 'events') {
    const after = query.get('after') ?? '0';
    if (world.shortAnswers-- > 0) return { events: [], next: after, more: true };
    const events = world.events.slice(Number(after));
    return { events, next: String(world.events.length), more: false };
  }
  const all = {
    accounts: [],
    plants: world.plants.map((each) => presentPlant(each, world.modules)),
    modules: world.modules
      .filter((each) => [null, each.plantId].includes(query.get('plant')))
      .map((each) => presentModule(each, 60, [], Date.parse(T0))),
  }[String(collection)];
  return id === undefined ? { items: all } : all?.find((each) => each.id === id);
}

function happens(data: Fact['data']): void {
  const about = { accountId, subject: plantId, time: at(world.events.length) };
  const type = 'latchkey.plant.changed';
  const offset = world.events.length;
  const event = toEvent({ ...about, type, data: { plantId, ...data } }, String(offset));
  world.events.push({ ...event, sequence: writeSequence(0, { page: 1, offset }) });
}

const api = () => connectApi(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, 'lk_x');

async function copy(): Promise<void> {
  const sink = database.open();
  const source = createSource(api());
  const { signal } = new AbortController();
  await runSync({ source, sink, once: true, signal, now: () => Date.parse(T0), report: () => undefined });
  await sink.close();
}
const copied = async () => ({
  plants: (await database.contents('plants')).map(({ name, version }) => [name, version]),
  modules: (await database.contents('modules')).map(({ name, version }) => [name, version]),
});

test('a module that is gone goes', async () => {
  await copy();
  expect(await copied()).toEqual({ plants: [['Maison', 4]], modules: [['Thermostat', 57]] });
  world.modules = [];
  happens({ moduleId, device: 'thermostat', moduleRemoved: true });
  await copy();
  expect(await copied()).toEqual({ plants: [['Maison', 4]], modules: [] });
});

test('a module that is back by then is the new one', async () => {
  await copy();
  world.modules = [{ ...module, name: 'Salon', version: 1 }];
  happens({ moduleId, device: 'thermostat', moduleRemoved: true });
  happens({ moduleIds: [moduleId], removed: false });
  await copy();
  expect(await copied()).toEqual({ plants: [['Maison', 4]], modules: [['Salon', 1]] });
});

test('a plant that is back by then is the new one, with its modules', async () => {
  await copy();
  world.plants = [{ ...plant, name: 'Chalet', version: 1 }];
  happens({ removed: true });
  happens({ removed: false });
  await copy();
  expect(await copied()).toEqual({ plants: [['Chalet', 1]], modules: [['Thermostat', 57]] });
});

test('a module that is described otherwise, and has the version that it had, is written over', async () => {
  await copy();
  world.modules = [{ ...module, version: 57, name: 'Salon', ambientId: null }];
  happens({ moduleId });
  await copy();
  expect(await database.contents('modules')).toMatchObject([{ name: 'Salon', ambientId: null }]);
});

test('an answer that was cut short before it found anything is not the end of the feed', async () => {
  for (let turns = 0; turns < 2; turns++) happens({ moduleIds: [moduleId], removed: false });
  world.shortAnswers = 2;
  await copy();
  expect((await database.contents('events')).map(({ id }) => id)).toEqual(world.events.map(({ id }) => id));

  happens({ moduleId });
  world.shortAnswers = 2;
  const told: string[] = [];
  const write = vi.spyOn(process.stdout, 'write').mockImplementation((text) => told.push(String(text)) > 0);
  await status({ sink: database.open(), api: api(), json: true });
  write.mockRestore();
  expect(JSON.parse(told.join(''))).toMatchObject({ events: 2 });
  expect(JSON.parse(told.join('')).lagSeconds).toBeGreaterThan(0);
});
