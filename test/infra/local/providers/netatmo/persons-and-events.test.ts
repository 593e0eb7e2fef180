import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { CAMERA, type CallApi, linkedApi, MAISON, statusOf } from './netatmo-client.ts';
import { startCloud } from './start-cloud.ts';

const ALEX = '0a0a0a0a-1111-4222-8333-444455556666';
const UNKNOWN = '0b0b0b0b-1111-4222-8333-444455556666';

const Events = z.object({
  body: z.object({ home: z.object({ events: z.array(z.looseObject({ id: z.string() })) }) }),
});
const eventsOf = async (api: CallApi, query: Record<string, string> = {}) =>
  Events.parse((await api('getevents', { home_id: MAISON, ...query })).json).body.home.events;

const away = async (api: CallApi) => {
  const persons = z.array(z.looseObject({ out_of_sight: z.boolean() }));
  return persons.parse((await statusOf(api)).home.persons).map(({ out_of_sight }) => out_of_sight);
};

describe('persons', () => {
  it('leave one by one or all together, and come home in every spelling of a list', async () => {
    const cloud = await startCloud();
    const api = await linkedApi(cloud);
    expect(await away(api)).toEqual([false, true]);
    await api('setpersonsaway', { home_id: MAISON, person_id: ALEX });
    expect(await away(api)).toEqual([true, true]);
    await api('setpersonshome', { home_id: MAISON, 'person_ids[]': ALEX });
    expect(await away(api)).toEqual([false, true]);
    await api('setpersonshome', { home_id: MAISON, 'person_ids[0]': UNKNOWN });
    expect(await away(api)).toEqual([false, false]);
    await api('setpersonsaway', { home_id: MAISON });
    expect(await away(api)).toEqual([true, true]);
    await api('setpersonshome', {}, { home_id: MAISON, person_ids: [ALEX, UNKNOWN] });
    expect(await away(api)).toEqual([false, false]);
  });

  it('have to be known', async () => {
    const cloud = await startCloud();
    const api = await linkedApi(cloud);
    const none = await api('setpersonshome', { home_id: MAISON });
    expect(none.json).toMatchObject({ error: { code: 10 } });
    const nobody = await api('setpersonsaway', { home_id: MAISON, person_id: 'nobody' });
    expect(nobody.json).toMatchObject({ error: { code: 21 } });
  });
});

describe('events', () => {
  it('come newest first, and in pages', async () => {
    const cloud = await startCloud();
    const api = await linkedApi(cloud);
    const all = await eventsOf(api);
    expect(all.map(({ type }) => type)).toEqual(['outdoor', 'person', 'connection']);
    expect(await eventsOf(api, { size: '1' })).toEqual(all.slice(0, 1));
    expect(await eventsOf(api, { size: '1', offset: '1' })).toEqual(all.slice(1, 2));
    expect(await eventsOf(api, { event_id: all[0]?.id ?? '' })).toEqual(all.slice(1));
    expect(await eventsOf(api, { event_id: all[2]?.id ?? '' })).toEqual([]);
    expect(await eventsOf(api, { device_types: 'NOC' })).toEqual(all.slice(0, 1));
    expect(await eventsOf(api, { module_id: CAMERA })).toEqual(all.slice(1));
    expect(await eventsOf(api, { person_id: ALEX })).toEqual(all.slice(1, 2));
    const strange = await api('getevents', { home_id: MAISON, event_id: 'x' });
    expect(strange.json).toMatchObject({ error: { code: 21 } });
  });

  it('grow with what happens', async () => {
    const cloud = await startCloud();
    const api = await linkedApi(cloud);
    await api('setstate', {}, { home: { id: MAISON, modules: [{ id: CAMERA, monitoring: 'off' }] } });
    await api('setpersonsaway', { home_id: MAISON });
    expect((await eventsOf(api, { size: '2' })).map(({ type }) => type)).toEqual(['person_away', 'off']);
  });

  it('are listed up to one, from one, and of a person, with the older names', async () => {
    const cloud = await startCloud();
    const api = await linkedApi(cloud);
    const [, second] = await eventsOf(api);
    const answer = await api('geteventsuntil', { home_id: MAISON, event_id: second?.id ?? '' });
    expect(answer.json).toMatchObject({
      body: { events_list: [{ type: 'outdoor' }, { camera_id: CAMERA, device_id: CAMERA }] },
    });
    const next = await api('getnextevents', { home_id: MAISON, event_id: second?.id ?? '' });
    expect(next.json).toMatchObject({ body: { events_list: [{ type: 'connection' }] } });
    const last = await api('getlasteventof', { home_id: MAISON, person_id: ALEX, offset: '1' });
    expect(last.json).toMatchObject({ body: { events_list: [{ type: 'outdoor' }, { person_id: ALEX }] } });
    const nobody = await api('getlasteventof', { home_id: MAISON, person_id: UNKNOWN });
    expect(nobody.json).toMatchObject({ error: { code: 21, message: 'Invalid person_id' } });
  });

  it('have pictures without a token; the retired method is forbidden', async () => {
    const cloud = await startCloud();
    const picture = await fetch(`${cloud.url}/api/getcamerapicture?image_id=1&key=2`);
    expect(picture.headers.get('content-type')).toBe('image/jpeg');
    expect(
      Buffer.from(await picture.arrayBuffer())
        .subarray(0, 2)
        .toString('hex'),
    ).toBe('ffd8');
    expect((await fetch(`${cloud.url}/api/getcamerapicture?image_id=1`)).status).toBe(400);
    const retired = await (await linkedApi(cloud))('gethomedata');
    expect([retired.status, retired.json]).toEqual([
      403,
      { error: { code: 13, message: 'Operation is forbidden' } },
    ]);
  });
});
