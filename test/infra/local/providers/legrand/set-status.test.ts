import { describe, expect, it } from 'vitest';
import { sim } from '../sim.ts';
import type { CallApi } from './legrand-client.ts';
import { LIVING_ROOM, linkedApi, modulePath } from './legrand-client.ts';
import { startCloud } from './start-cloud.ts';

const heating = { function: 'heating' };
const warm = { value: '20.5', unit: 'C' };

async function statusOf(api: CallApi): Promise<Record<string, unknown>> {
  const body = (await (await api('GET', modulePath())).json()) as {
    chronothermostats: Record<string, unknown>[];
  };
  return body.chronothermostats[0] ?? {};
}

describe('set status', () => {
  it.each([
    [
      { ...heating, mode: 'manual', setPoint: warm },
      { mode: 'MANUAL', setPoint: { value: '20.50000', unit: 'C' } },
    ],
    [
      { function: 'HEATING', mode: 'MANUAL', setPoint: { value: 22, unit: '°C' }, activationTime: '' },
      { mode: 'MANUAL', setPoint: { value: '22.00000', unit: 'C' } },
    ],
    [
      { ...heating, mode: 'manual', setPoint: warm, activationTime: '2026-1-15T22:30:00' },
      { activationTime: '2026-01-15T22:30:00' },
    ],
    [
      {
        ...heating,
        mode: 'manual',
        setPoint: warm,
        activationTime: '2026-01-15T18:00:00/2026-01-15T22:30:00Z',
      },
      { activationTime: '2026-01-15T22:30:00' },
    ],
    [
      { ...heating, mode: 'automatic', programs: [{ number: 2 }], setPoint: warm },
      { mode: 'AUTOMATIC', programs: [{ number: 2 }] },
    ],
    [
      { ...heating, mode: 'boost', activationTime: '2026-01-15T18:00:00/2026-01-15T18:30:00' },
      {
        mode: 'BOOST',
        setPoint: { value: '40.00000', unit: 'C' },
        activationTime: '2026-01-15T18:00:00/2026-01-15T18:30:00',
      },
    ],
    [
      { ...heating, mode: 'off' },
      { mode: 'OFF', loadState: 'INACTIVE' },
    ],
    [
      { ...heating, mode: 'protection' },
      { mode: 'PROTECTION', setPoint: { value: '7.00000', unit: 'C' } },
    ],
    [
      { function: 'cooling', mode: 'protection' },
      { function: 'COOLING', setPoint: { value: '35.00000', unit: 'C' } },
    ],
  ])('carries out %o', async (body, expected) => {
    const cloud = await startCloud();
    const api = await linkedApi(cloud);
    const answer = await api('POST', modulePath(), body);
    expect([answer.status, await answer.text()]).toEqual([200, '']);
    expect(await statusOf(api)).toMatchObject(expected);
  });

  it.each([
    ['no function', { mode: 'off' }],
    ['no mode', heating],
    ['an unknown mode', { ...heating, mode: 'away' }],
    ['manual without a set point', { ...heating, mode: 'manual' }],
    ['a set point of 2.9 °C', { ...heating, mode: 'manual', setPoint: { value: '2.9', unit: 'C' } }],
    ['a set point of 40.1 °C', { ...heating, mode: 'manual', setPoint: { value: 40.1, unit: 'C' } }],
    ['Fahrenheit', { ...heating, mode: 'manual', setPoint: { value: '20', unit: 'F' } }],
    ['a set point in words', { ...heating, mode: 'manual', setPoint: { value: 'warm', unit: 'C' } }],
    ['automatic without a programme', { ...heating, mode: 'automatic' }],
    ['programme 12', { ...heating, mode: 'automatic', programs: [{ number: 12 }] }],
    ['two programmes', { ...heating, mode: 'automatic', programs: [{ number: 1 }, { number: 2 }] }],
    ['a boost without end', { ...heating, mode: 'boost' }],
    [
      'a boost of 45 minutes',
      { ...heating, mode: 'boost', activationTime: '2026-01-15T18:00:00/2026-01-15T18:45:00' },
    ],
    [
      'a boost by the clock of Greenwich',
      { ...heating, mode: 'boost', activationTime: '2026-01-15T17:00:00/2026-01-15T17:30:00' },
    ],
    ['an end in the past', { ...heating, mode: 'off', activationTime: '2026-01-15T17:59:00' }],
    ['an end on 30 February', { ...heating, mode: 'off', activationTime: '2026-02-30T17:59:00' }],
    ['an end in words', { ...heating, mode: 'off', activationTime: 'tonight' }],
  ])('refuses %s with 430', async (_, body) => {
    const cloud = await startCloud();
    const api = await linkedApi(cloud);
    const answer = await api('POST', modulePath(), body);
    expect(answer.status).toBe(430);
    expect(await answer.json()).toMatchObject({ statusCode: 430 });
    expect(await statusOf(api)).toMatchObject({ mode: 'AUTOMATIC' });
  });

  it('refuses what is not JSON with 400', async () => {
    const cloud = await startCloud();
    expect((await (await linkedApi(cloud))('POST', modulePath(), 'mode=off')).status).toBe(400);
  });

  it('falls back to the programme at the end of a boost', async () => {
    const cloud = await startCloud();
    const api = await linkedApi(cloud);
    await api('POST', modulePath(), {
      ...heating,
      mode: 'boost',
      activationTime: '2026-01-15T18:00:00/2026-01-15T18:30:00',
    });
    await cloud.advance(29 * 60);
    expect(await statusOf(api)).toMatchObject({ mode: 'BOOST', loadState: 'ACTIVE' });
    await cloud.advance(60);
    const after = await statusOf(api);
    expect(after).toMatchObject({ mode: 'AUTOMATIC', programs: [{ number: 1 }] });
    expect(after).not.toHaveProperty('activationTime');
  });

  it('lags behind when applying is slow', async () => {
    const cloud = await startCloud();
    const api = await linkedApi(cloud);
    cloud.faults.set({ name: 'slow_apply', times: 1, parameters: { seconds: 8 } });
    await api('POST', modulePath(), { ...heating, mode: 'off' });
    await cloud.advance(7);
    expect(await statusOf(api)).toMatchObject({ mode: 'AUTOMATIC' });
    await cloud.advance(1);
    expect(await statusOf(api)).toMatchObject({ mode: 'OFF' });
  });

  it.each([
    { setPoint: { value: '6.9', unit: 'C' } },
    { setPoint: { value: '20.55', unit: 'C' } },
    { setPoint: warm, activationTime: '2026-01-15T20:10:00' },
    { setPoint: warm, activationTime: '2026-01-25T20:00:00' },
  ])('refuses %o only within the limits of the device', async (rest) => {
    const cloud = await startCloud();
    const api = await linkedApi(cloud);
    const body = { ...heating, mode: 'manual', ...rest };
    cloud.faults.set({ name: 'device_limits', times: 1 });
    expect((await api('POST', modulePath(), body)).status).toBe(430);
    expect((await api('POST', modulePath(), body)).status).toBe(200);
  });

  it('sees a hand on the wall', async () => {
    const cloud = await startCloud();
    const api = await linkedApi(cloud);
    await sim(cloud, 'POST', '/state', {
      moduleId: LIVING_ROOM,
      setPointC: 23,
      temperatureC: 18,
      minutes: 45,
    });
    expect(await statusOf(api)).toMatchObject({
      mode: 'MANUAL',
      setPoint: { value: '23.00000' },
      thermometer: { measures: [{ value: '18' }] },
      activationTime: '2026-01-15T18:45:00',
    });
    await sim(cloud, 'POST', '/state', { moduleId: LIVING_ROOM, mode: 'boost' });
    expect(await statusOf(api)).toMatchObject({ activationTime: '2026-01-15T18:00:00/2026-01-15T18:30:00' });
  });
});
