/** What the simulated cloud never tells in one answer: odd stations and homes, described. */
import { expect, test } from 'vitest';
import { describePlants } from '../../../../shared/providers/netatmo/plants.ts';
import { scopes } from '../../../../shared/providers/netatmo/scopes.ts';
import { HomesAnswer, StationsAnswer } from '../../../../shared/providers/netatmo/wire.ts';

function describeAll({ homes = [], devices = [] }: { homes?: unknown[]; devices?: unknown[] }) {
  return describePlants(
    {
      homes: HomesAnswer.parse({ homes }).homes,
      statuses: new Map(),
      stations: StationsAnswer.parse({ devices }).devices,
    },
    { granted: scopes, defaultTimeZone: 'Europe/Madrid' },
  );
}

test('stations that stand in one home of somebody else are in one plant', () => {
  const station = { type: 'NAMain', home_id: 'h1', home_name: 'Quay' };
  expect(
    describeAll({
      devices: [
        { ...station, _id: 's1' },
        { ...station, _id: 's2', modules: [{ _id: 'm1' }] },
      ],
    }),
  ).toMatchObject([
    { nativeId: 'h1', name: 'Quay', modules: [{ nativeId: 's1' }, { nativeId: 's2' }, { nativeId: 'm1' }] },
  ]);
});

test('a station that tells no home is a plant by its own id', () => {
  expect(describeAll({ devices: [{ _id: 's1', type: 'NAMain', station_name: 'Pier' }] })).toMatchObject([
    { nativeId: 's1', name: 'Pier', timeZone: 'Europe/Madrid', modules: [{ name: 'Pier' }] },
  ]);
});

test.each([undefined, null, 'Mars/Olympus', 7])('a zone of %j is the one that counts without', (timezone) => {
  expect(
    describeAll({ homes: [{ id: 'h1', timezone }], devices: [{ _id: 's1', place: { timezone } }] }),
  ).toMatchObject([{ timeZone: 'Europe/Madrid' }, { timeZone: 'Europe/Madrid' }]);
});

test('a home that tells nothing but its id is one', () => {
  expect(describeAll({ homes: [{ id: 'h1' }] })).toEqual([
    { nativeId: 'h1', name: 'Home', timeZone: 'Europe/Madrid', ambients: [], modules: [] },
  ]);
});

test('a home or module that is told twice is one', () => {
  const home = {
    id: 'h1',
    modules: [
      { id: 'm1', type: 'NLP' },
      { id: 'm1', type: 'NLL' },
    ],
  };
  expect(describeAll({ homes: [home, home] })).toMatchObject([
    { nativeId: 'h1', modules: [{ nativeId: 'm1', device: 'plug' }] },
  ]);
});

test('what has no id is nothing, and hides nothing', () => {
  const modules = [{ type: 'NLP' }, { id: ' ', type: 'NLP' }, 'NLP', null, { id: 'm1', type: 'NLP' }];
  expect(describeAll({ homes: [null, { name: 'Nowhere' }, { id: 'h1', modules }] })).toMatchObject([
    { nativeId: 'h1', modules: [{ nativeId: 'm1' }] },
  ]);
});

test('rooms with numbers for ids are the same rooms', () => {
  const [plant] = describeAll({
    homes: [
      { id: 'h1', rooms: [{ id: 1000000001 }], modules: [{ id: 'm1', type: 'NRV', room_id: '1000000001' }] },
    ],
  });
  expect(plant).toMatchObject({
    ambients: [{ ambientId: '1000000001', name: 'Room' }],
    modules: [{ name: 'Radiator valve (Room)', ambientId: '1000000001', native: { room: '1000000001' } }],
  });
});

test('schedules for anything but heating are no programs', () => {
  const schedules = ['cooling', 'electricity', 'event', 'therm'].map((type) => ({
    id: type,
    type,
    name: type,
  }));
  const [plant] = describeAll({ homes: [{ id: 'h1', schedules }] });
  expect(plant?.modules[0]?.programs).toEqual([{ programId: 'therm', name: 'therm' }]);
});
