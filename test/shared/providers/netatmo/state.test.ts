import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Report, Session } from '../../../../shared/providers/provider.ts';
import { type NetatmoBench, NOW, openNetatmo } from './netatmo-bench.ts';
import {
  ALEX,
  CASA,
  CHAMBRE,
  changeModule,
  control,
  discover,
  HARBOUR,
  keep,
  LOFT,
  MAISON,
  poll,
  readEverything,
  WOHNUNG,
  wired,
} from './netatmo-homes.ts';

const GATEWAY = '00:04:74:aa:bb:20';
const VALVE = '09:00:00:aa:bb:12';
const THERMOSTAT = '04:00:00:aa:bb:11';
const SMARTHER = '00:03:50:aa:bb:30';
const STATION = '70:ee:50:aa:bb:01';
const at = (epochMs: number) => new Date(epochMs).toISOString();

let bench: NetatmoBench;
beforeEach(async () => {
  bench = await openNetatmo();
});
afterEach(() => bench.close());

/** The same session, with a note of every method that is called. */
function watch(session: Session): { session: Session; methods: string[] } {
  const methods: string[] = [];
  const send: Session['send'] = (request) => {
    methods.push(new URL(request.url).pathname.replace('/api/', ''));
    return session.send(request);
  };
  return { session: { accountId: session.accountId, send }, methods };
}

/** What a poll reports until it fails, and with what. */
async function pollUntilFailure(order: () => void): Promise<{ reports: Report[]; error: unknown }> {
  const plants = keep(bench, await discover(bench));
  order();
  const reports: Report[] = [];
  try {
    for await (const report of bench.provider.state(bench.session, plants)) reports.push(report);
    return { reports, error: undefined };
  } catch (error) {
    return { reports, error };
  }
}

describe('every family', () => {
  test.each([
    [MAISON, { plant_mode: 'schedule', plant_mode_until: null, program: '65bb000000000000000000a1' }],
    [ALEX, { present: true }],
    [
      STATION,
      { temperature: 20.9, humidity: 53, co2: 795, noise: 39, pressure: 1020.5, pressure_sea_level: 1024.7 },
    ],
    ['02:00:00:aa:bb:02', { temperature: 7.1, humidity: 84, battery: 78 }],
    ['06:00:00:aa:bb:03', { wind_speed: 23, wind_angle: 225, gust_speed: 47, gust_angle: 237, battery: 70 }],
    ['05:00:00:aa:bb:04', { rain: 0, rain_hour: 0, rain_day: 11.278, battery: 67 }],
    ['03:00:00:aa:bb:05', {}],
    ['70:ee:50:aa:bb:06', { temperature: 20.1, air_quality: 'healthy', pressure: 1020.5 }],
    ['70:ee:50:aa:bb:10', {}],
    [
      THERMOSTAT,
      {
        temperature: 19.6,
        setpoint: 20,
        mode: 'automatic',
        mode_until: null,
        function: 'heating',
        demand: true,
      },
    ],
    [VALVE, { temperature: 18.2, setpoint: 20, heating_power: 100, open_window: false, battery: 75 }],
    [GATEWAY, {}],
    [wired('21'), { switch: true, power: 42, shed: false }],
    [wired('22'), { position: 100, target_position: 100 }],
    [wired('23'), { switch: true, brightness: 55, power: 6 }],
    [wired('26'), { power: 260 }],
    [wired('2a'), { switch: false, power: 0, shed: false }],
    [wired('2b'), { fan_speed: 1, power: 25 }],
    [wired('2c'), { temperature: 19.6, mode: 'automatic', switch: true, power: 900 }],
    [wired('2d'), { battery: 75 }],
    [wired('30'), {}],
    [wired('30#3'), {}],
    [wired('31'), {}],
    [wired('31#1'), { switch: false }],
    [wired('32'), { power: 3100 }],
    [wired('39'), {}],
    ['1234567801', { position: 100, target_position: 100 }],
    ['70:ee:50:aa:bb:41', { monitoring: true, memory_card: 'working', power_supply: true }],
    ['70:ee:50:aa:bb:40', { monitoring: true, floodlight: 'auto', sounding: false }],
    ['70:ee:50:aa:bb:42', { memory_card: 'working', power_supply: true }],
    ['70:ee:50:aa:bb:43', { open: false, battery: 75 }],
    ['70:ee:50:aa:bb:44', { sounding: false, monitoring: true, battery: 75 }],
    ['70:ee:50:aa:bb:45', { battery: 75 }],
    ['04:00:00:aa:cc:11', { temperature: 19.6, setpoint: 20, mode: 'automatic', demand: true, battery: 75 }],
    [SMARTHER, { temperature: 20.6, humidity: 48, setpoint: 20, mode: 'automatic', demand: false }],
    ['00:03:50:aa:dd:01-2', { switch: false, brightness: 40 }],
    ['00:03:50:aa:dd:01-6', { position: 100, target_position: 100 }],
    ['70:ee:50:bb:00:01', { temperature: 20.9, pressure: 1018.1, pressure_sea_level: 1024.7 }],
    ['70:ee:50:cc:00:01', { pressure: 1024.3, pressure_sea_level: 1024.8 }],
  ])('is read: %s', async (id, values) => {
    const report = (await readEverything(bench)).get(id);
    expect(report?.values).toMatchObject(values);
    if (Object.keys(values).length === 0) expect(report?.values).toEqual({});
  });

  test('is read with declared capabilities, in the order of the modules', async () => {
    const plants = keep(bench, await discover(bench));
    const modules = plants.flatMap((plant) => plant.modules);
    const reports = [...(await poll(bench, plants)).values()];
    expect(reports.map(({ moduleNativeId }) => moduleNativeId)).toEqual(
      modules.map(({ nativeId }) => nativeId),
    );
    for (const [index, { values }] of reports.entries()) {
      expect(modules[index]?.capabilities).toEqual(expect.arrayContaining(Object.keys(values)));
      expect(Object.values(values)).not.toContain(undefined);
    }
  });

  test('of a type that nobody knows is read as far as its words are known', async () => {
    await changeModule(bench, { moduleId: wired('39'), status: { on: true, brightness: 30, glow: 'red' } });
    expect((await readEverything(bench)).get(wired('39'))?.values).toEqual({ switch: true, brightness: 30 });
  });
});

test('a module of a station, of a type that nobody knows, is told of with its station', async () => {
  await control(bench.cloud, '/modules', {
    homeId: WOHNUNG,
    moduleId: '07:00:00:bb:00:09',
    type: 'NAModule9',
    bridge: '70:ee:50:bb:00:01',
  });
  const plants = keep(bench, await discover(bench));
  expect(plants.flatMap(({ modules }) => modules).find(({ name }) => name === 'NAModule9')).toMatchObject({
    device: 'unknown',
    native: { station: '70:ee:50:bb:00:01' },
  });
  const { session, methods } = watch(bench.session);
  const foreign = plants.filter(({ plant }) => plant.nativeId === WOHNUNG);
  const reports = await poll({ provider: bench.provider, session }, foreign);
  expect(reports.get('07:00:00:bb:00:09')).toMatchObject({ reachable: true, values: {} });
  // Nobody is asked for the status of somebody else's home.
  expect(methods).toEqual(['getstationsdata']);
});

describe('a room', () => {
  const room = (change: Record<string, unknown>) =>
    control(bench.cloud, '/room', { homeId: MAISON, roomId: CHAMBRE, ...change });

  test.each([
    ['manual', { mode: 'manual', setpoint: 22.5 }],
    ['max', { mode: 'boost', setpoint: 30 }],
    ['hg', { mode: 'protection', setpoint: 7 }],
    ['home', { mode: 'automatic', setpoint: 20, mode_until: null }],
  ])('in mode %s says so at its valve', async (mode, expected) => {
    await room({ mode, ...(mode === 'manual' && { setPointC: 22.5 }) });
    expect((await readEverything(bench)).get(VALVE)?.values).toMatchObject(expected);
  });

  test('says until when, and whether a window is open', async () => {
    await room({ setPointC: 21, minutes: 90, openWindow: true });
    expect((await readEverything(bench)).get(VALVE)?.values).toMatchObject({
      mode: 'manual',
      mode_until: at(Math.floor(NOW / 1000) * 1000 + 5_400_000),
      open_window: true,
    });
  });

  test('follows its home: the older devices name what it is, the newer do not', async () => {
    await control(bench.cloud, '/home', { homeId: MAISON, thermMode: 'away' });
    await control(bench.cloud, '/home', { homeId: CASA, thermMode: 'away' });
    const reports = await readEverything(bench);
    expect(reports.get(VALVE)?.values).toMatchObject({ mode: 'away', setpoint: 14 });
    expect(reports.get(SMARTHER)?.values).toMatchObject({ mode: 'automatic', setpoint: 14 });
    expect(reports.get(MAISON)?.values).toMatchObject({ plant_mode: 'away' });
  });

  test('that is off has no set point', async () => {
    await control(bench.cloud, '/room', { homeId: CASA, roomId: '3000000001', mode: 'off' });
    const values = (await readEverything(bench)).get(SMARTHER)?.values;
    expect(values).toMatchObject({ mode: 'off', temperature: 20.6 });
    expect(values).not.toHaveProperty('setpoint');
  });

  test('that cools has its own set point', async () => {
    await control(bench.cloud, '/home', { homeId: CASA, temperatureControlMode: 'cooling' });
    await control(bench.cloud, '/room', { homeId: CASA, roomId: '3000000001', setPointC: 24 });
    expect((await readEverything(bench)).get(SMARTHER)?.values).toMatchObject({
      function: 'cooling',
      mode: 'manual',
      setpoint: 24,
    });
  });

  test.each([
    ['comfort', 'manual'],
    ['away', 'away'],
    ['frost_guard', 'protection'],
    ['stand_by', 'off'],
  ])('on a pilot wire at %s is in mode %s, without a set point', async (pilotWire, mode) => {
    await control(bench.cloud, '/room', { homeId: MAISON, roomId: '1000000003', pilotWire });
    const values = (await readEverything(bench)).get(wired('2c'))?.values;
    expect(values).toMatchObject({ mode });
    expect(values).not.toHaveProperty('setpoint');
  });
});

describe('a plant as a whole', () => {
  test.each([
    ['away', { plant_mode: 'away', plant_mode_until: null }],
    ['hg', { plant_mode: 'frost_guard', plant_mode_until: null }],
  ])('in mode %s says so', async (thermMode, expected) => {
    await control(bench.cloud, '/home', { homeId: MAISON, thermMode });
    expect((await readEverything(bench)).get(MAISON)?.values).toMatchObject(expected);
  });

  test('says until when, and which schedule it follows', async () => {
    await control(bench.cloud, '/home', { homeId: MAISON, scheduleId: '65bb000000000000000000a2' });
    await bench.session.send({
      method: 'POST',
      url: `${bench.cloud.url}/api/setthermmode?home_id=${MAISON}&mode=away&endtime=${NOW / 1000 + 3600}`,
    });
    expect((await readEverything(bench)).get(MAISON)?.values).toEqual({
      plant_mode: 'away',
      plant_mode_until: at(NOW + 3_600_000),
      program: '65bb000000000000000000a2',
    });
  });

  test('knows who went, as of when it was asked', async () => {
    await bench.session.send({
      method: 'POST',
      url: `${bench.cloud.url}/api/setpersonsaway?home_id=${MAISON}&person_id=${ALEX}`,
    });
    const report = (await readEverything(bench)).get(ALEX);
    expect(report).toMatchObject({ values: { present: false }, observedAt: at(NOW), reachable: true });
  });
});

describe('what cannot be reached', () => {
  test('is a station or module without measures', async () => {
    await changeModule(bench, { moduleId: STATION, reachable: false });
    const reports = await readEverything(bench);
    for (const id of [STATION, '03:00:00:aa:bb:05'])
      expect(reports.get(id)).toMatchObject({ reachable: false, values: {} });
    expect(reports.get('02:00:00:aa:bb:02')).toMatchObject({ reachable: true });
    expect(reports.get('70:ee:50:bb:00:01')).toMatchObject({ reachable: true });
  });

  test('is a gateway that Netatmo reports an error of, with all behind it', async () => {
    await changeModule(bench, { moduleId: GATEWAY, reachable: false });
    const reports = await readEverything(bench);
    for (const id of [GATEWAY, wired('21'), wired('30#4'), wired('31'), wired('31#1'), wired('2c')])
      expect(reports.get(id)).toMatchObject({ reachable: false, values: {} });
    for (const id of [THERMOSTAT, '1234567801', '70:ee:50:aa:bb:41', ALEX, MAISON])
      expect(reports.get(id)).toMatchObject({ reachable: true });
  });

  test.each(['body', 'top'] as const)('is told by errors in the place «%s»', async (place) => {
    const plants = keep(bench, await discover(bench));
    bench.cloud.faults.set({
      name: 'ok_with_errors',
      on: 'homestatus',
      parameters: { code: 6, id: GATEWAY, place },
    });
    const reports = await poll(bench, plants);
    expect(reports.get(wired('21'))).toMatchObject({ reachable: false });
    // Nothing at all was told of it.
    expect(reports.get(THERMOSTAT)).toBeUndefined();
  });

  test('is a valve, and its room with it', async () => {
    await changeModule(bench, { moduleId: VALVE, reachable: false });
    const reports = await readEverything(bench);
    expect(reports.get(VALVE)).toMatchObject({ reachable: false, values: {} });
    expect(reports.get(THERMOSTAT)).toMatchObject({ reachable: true });
  });

  test('is a Smarther, which says nothing of it itself while it is there', async () => {
    expect((await readEverything(bench)).get(SMARTHER)).toMatchObject({ reachable: true });
    await changeModule(bench, { moduleId: SMARTHER, reachable: false });
    expect((await readEverything(bench)).get(SMARTHER)).toMatchObject({ reachable: false });
  });

  test('is a channel of what cannot be reached', async () => {
    await changeModule(bench, { moduleId: wired('31'), reachable: false });
    const reports = await readEverything(bench);
    expect(reports.get(wired('31#1'))).toMatchObject({ reachable: false, values: {} });
    expect(reports.get(wired('21'))).toMatchObject({ reachable: true });
  });

  test('is a tag behind a camera that is off', async () => {
    await changeModule(bench, { moduleId: '70:ee:50:aa:bb:41', reachable: false });
    const reports = await readEverything(bench);
    expect(reports.get('70:ee:50:aa:bb:43')).toMatchObject({ reachable: false });
    expect(reports.get('70:ee:50:aa:bb:40')).toMatchObject({ reachable: true });
  });
});

describe('when it was observed', () => {
  test("is the station's time of measure, and the answer's time for what a home has no time for", async () => {
    const reports = await readEverything(bench);
    expect(reports.get(STATION)?.observedAt).toBe('2026-01-15T17:00:50.000Z');
    expect(reports.get('70:ee:50:aa:bb:06')?.observedAt).toBe('2026-01-15T17:03:52.000Z');
    expect(reports.get(VALVE)?.observedAt).toBe(at(NOW));
    expect(reports.get(MAISON)?.observedAt).toBe(at(NOW));
  });

  test('is when a module was last heard', async () => {
    await changeModule(bench, { moduleId: wired('21'), silent: true });
    await bench.cloud.advance(1_800);
    const reports = await readEverything(bench);
    expect(reports.get(wired('21'))?.observedAt).toBe(at(NOW));
    expect(reports.get(wired('24'))?.observedAt).toBe(at(NOW + 1_800_000));
  });

  test('stays as old as it is when measures lag behind', async () => {
    bench.cloud.faults.set({ name: 'old_measures', parameters: { hours: 3 } });
    const observed = Date.parse((await readEverything(bench)).get(STATION)?.observedAt ?? '');
    expect(NOW - observed).toBeGreaterThan(3 * 3_600_000);
  });

  test('is absent where nothing tells', async () => {
    bench.cloud.faults.set({ name: 'without_times' });
    const reports = await readEverything(bench);
    expect(reports.get(VALVE)).not.toHaveProperty('observedAt');
    expect(reports.get(MAISON)).not.toHaveProperty('observedAt');
    expect(reports.get(STATION)?.observedAt).toBe('2026-01-15T17:00:50.000Z');
  });
});

describe('calls', () => {
  test('are one for all homes, one for each kind of station, and one for each home that has a status', async () => {
    const plants = keep(bench, await discover(bench));
    const { session, methods } = watch(bench.session);
    await poll({ provider: bench.provider, session }, plants);
    expect(methods).toEqual([
      ...['homesdata', 'getstationsdata', 'gethomecoachsdata'],
      ...Array(4).fill('homestatus'),
    ]);
  });

  test('are those that the modules asked for need', async () => {
    const plants = keep(bench, await discover(bench));
    const asked = async (ids: readonly string[]) => {
      const { session, methods } = watch(bench.session);
      const some = plants.map(({ plant, modules }) => ({
        plant,
        modules: modules.filter(({ nativeId }) => ids.includes(nativeId)),
      }));
      const reports = await poll({ provider: bench.provider, session }, some);
      return { methods, reported: [...reports.keys()] };
    };
    expect(await asked([wired('21')])).toEqual({ methods: ['homestatus'], reported: [wired('21')] });
    expect(await asked([STATION])).toEqual({ methods: ['getstationsdata'], reported: [STATION] });
    expect(await asked([MAISON])).toEqual({ methods: ['homesdata'], reported: [MAISON] });
    expect(await asked([])).toEqual({ methods: [], reported: [] });
  });

  test.each([1, 10])('do not grow with the modules: %i homes of 139', async (homes) => {
    await control(bench.cloud, '/users', { email: 'many@example.net', name: 'Many', homes, modules: 139 });
    const many = await openNetatmo({ person: 'many', cloud: bench.cloud });
    const found = await discover(many);
    expect(found.flatMap(({ modules }) => modules)).toHaveLength(homes * 139);
    // One for all homes, one for each, and one for each kind of station that there might be.
    expect(many.session.sent()).toBe(1 + homes + 2);
    const reports = await poll(many, keep(many, found));
    expect(reports.size).toBe(homes * 139);
    expect(many.session.sent()).toBe(1 + homes + 2 + homes);
    // Neither of them was refused.
    expect(many.session.lastAnswer()?.status).toBe(200);
  });
});

describe('a call that fails', () => {
  test.each([
    { name: 'api_error', on: 'homestatus', times: 1, parameters: { code: 21, message: 'Invalid home_id' } },
    { name: 'html_error', on: 'homestatus', times: 1 },
    { name: 'home_missing', on: 'homestatus', times: 1 },
  ] as const)('for one home hides no other ($name)', async (fault) => {
    const plants = keep(bench, await discover(bench));
    bench.cloud.faults.set(fault);
    const reports = await poll(bench, plants);
    expect(reports.get(wired('21'))).toBeUndefined();
    expect(reports.get(STATION)).toMatchObject({ reachable: true });
    expect(reports.get(SMARTHER)).toMatchObject({ reachable: true });
  });

  test('for the stations hides no home, and the home tells of its own', async () => {
    const plants = keep(bench, await discover(bench));
    bench.cloud.faults.set({ name: 'html_error', on: 'getstationsdata' });
    const reports = await poll(bench, plants);
    expect(reports.get(wired('21'))).toMatchObject({ reachable: true });
    expect(reports.get(STATION)).toMatchObject({
      observedAt: '2026-01-15T17:00:50.000Z',
      values: { temperature: 20.9, pressure: 1020.5, pressure_sea_level: 1024.7 },
    });
    expect(reports.get('70:ee:50:bb:00:01')).toBeUndefined();
  });

  test('for all homes hides only what it tells of them', async () => {
    const plants = keep(bench, await discover(bench));
    bench.cloud.faults.set({ name: 'html_error', on: 'homesdata' });
    const reports = await poll(bench, plants);
    expect(reports.get(MAISON)).toBeUndefined();
    expect(reports.get(VALVE)).toMatchObject({ values: { mode: 'automatic', function: 'heating' } });
  });

  test('is thrown where none answered', async () => {
    const plants = keep(bench, await discover(bench));
    bench.cloud.faults.set({ name: 'html_error' });
    await expect(poll(bench, plants)).rejects.toMatchObject({ code: 'provider_unavailable' });
  });

  test('stops everything where the whole account is refused, and keeps what was told by then', async () => {
    const { reports, error } = await pollUntilFailure(() =>
      bench.cloud.faults.set({ name: 'usage_limit', on: 'gethomecoachsdata' }),
    );
    expect(error).toMatchObject({ code: 'provider_throttled' });
    const ids = reports.map(({ moduleNativeId }) => moduleNativeId);
    expect(ids).toEqual(expect.arrayContaining([STATION, MAISON, LOFT]));
    expect(ids).not.toContain(wired('21'));
    expect([WOHNUNG, HARBOUR].every((id) => reports.some(({ plantNativeId }) => plantNativeId === id))).toBe(
      true,
    );
  });

  test('is none where modules are merely not listed', async () => {
    const plants = keep(bench, await discover(bench));
    bench.cloud.faults.set({ name: 'modules_missing', on: 'homestatus' });
    const reports = await poll(bench, plants);
    expect(reports.get(wired('21'))).toBeUndefined();
    expect(reports.get(THERMOSTAT)).toMatchObject({ values: { setpoint: 20 } });
    expect(reports.get(ALEX)).toMatchObject({ values: { present: true } });
  });
});
