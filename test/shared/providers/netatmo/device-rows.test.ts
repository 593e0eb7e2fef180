import { describe, expect, test } from 'vitest';
import { knownTypes } from '../../../../infra/local/providers/netatmo/house/catalog.ts';
import { CommandAction } from '../../../../shared/domain/command-action.ts';
import type { Device } from '../../../../shared/domain/device.ts';
import { CapabilityName } from '../../../../shared/domain/reading.ts';
import { capabilitiesOf, deviceRows, rowOf } from '../../../../shared/providers/netatmo/device-rows.ts';
import { readValues } from '../../../../shared/providers/netatmo/translate.ts';

const ID = '00:04:74:00:00:aa:bb:21';
const read = (type: string, told: Record<string, unknown>, appliance?: string) =>
  readValues(rowOf({ id: ID, type, appliance }), told);

/** As contract 3.2 lists them. */
const contract =
  `NAMain NAModule1 NAModule2 NAModule3 NAModule4 NHC NAPlug NATherm1 NRV OTH OTM NAC BNS BNTH BNFC BNTR BNMH BNCX BNEU
  BNDL BNSL BNIL BNLD BNCS BNAB BNAS BNMS BNXM BFII BFIC BFIO BFIS BNCU BNSE NACamera NPC NOC NDB NACamDoorTag NIS NSD
  NCO NDL NLG NLGS NLP NLPM NLPBS NLL NLM NLIS NLPT NLPO NLPD NLC NLUI NLUP NLF NLFN NLFE NLUF NLUO Z3L NLV NLLV NLLM
  NLIV NLJ Z3V NLPC NLE NLPS EBU NLLF NLT NLD NLDD NLDP NLAO NLAS NLAV NLTS NBG NBR NBO NBS TPSRS`.split(
    /\s+/,
  );

describe('the table', () => {
  test('has a row for every type that the contract and the simulated cloud know, and each only once', () => {
    const types = deviceRows.flatMap((row) => row.types);
    expect(new Set(types).size).toBe(types.length);
    expect([...contract, ...knownTypes].filter((type) => !types.includes(type))).toEqual([]);
    for (const type of contract) expect(rowOf({ id: ID, type }).device).not.toBe('unknown');
  });

  test('names a capability and an action once in each row', () => {
    for (const row of deviceRows) {
      const names = capabilitiesOf(row);
      expect(new Set(names).size, row.title).toBe(names.length);
      CapabilityName.array().parse(names);
      CommandAction.array().parse(row.actions);
    }
  });

  test('knows what tells every row that heats, and no other', () => {
    for (const { actions, setpointBy, title } of deviceRows)
      expect(setpointBy !== undefined, title).toBe(actions.includes('set_mode'));
  });

  test.each<[string, string, Device]>([
    ['NLIS', ID, 'remote'],
    ['NLIS', `${ID}#2`, 'light'],
    ['NLE', `${ID}#0`, 'meter'],
    ['NLP', `${ID}#1`, 'plug'],
    ['NLX9', ID, 'unknown'],
    ['', ID, 'unknown'],
    ['constructor', ID, 'unknown'],
  ])('has for %s at %s the device %s', (type, id, device) => {
    expect(rowOf({ id, type }).device).toBe(device);
  });

  test('tells a radiator by what its outlet feeds', () => {
    expect(rowOf({ id: ID, type: 'NLC', appliance: 'radiator' }).device).toBe('heater');
    expect(rowOf({ id: ID, type: 'NLC', appliance: 'light' }).device).toBe('relay');
    expect(rowOf({ id: ID, type: 'NLC' }).device).toBe('relay');
  });
});

describe('a value', () => {
  test('of air is read in capitals and in lower case', () => {
    const told = {
      Temperature: 20.8,
      CO2: 640,
      Humidity: 47,
      Noise: 38,
      Pressure: 1016.2,
      AbsolutePressure: 1012.1,
    };
    const expected = {
      temperature: 20.8,
      co2: 640,
      humidity: 47,
      noise: 38,
      pressure: 1012.1,
      pressure_sea_level: 1016.2,
    };
    expect(read('NAMain', told)).toEqual(expected);
    const lower = Object.fromEntries(Object.entries(told).map(([key, value]) => [key.toLowerCase(), value]));
    expect(read('NAMain', lower)).toEqual(expected);
  });

  test.each([
    ['NAModule2', { WindAngle: -1, GustAngle: 360, WindStrength: 0 }, { gust_angle: 0, wind_speed: 0 }],
    ['NAModule3', { Rain: 0.101, sum_rain_24: 12.322000000000001 }, { rain: 0.101, rain_day: 12.322 }],
    ['NAModule1', { Temperature: -12.4, Humidity: 101 }, { temperature: -12.4 }],
    ['NHC', { health_idx: 4 }, { air_quality: 'unhealthy' }],
    ['NHC', { health_idx: 9, Temperature: '21.5' }, { temperature: 21.5 }],
    ['NLV', { current_position: 40, target_position: -2 }, { position: 40 }],
    ['NLFN', { on: 'true', brightness: 300 }, { switch: true }],
    ['NLP', { on: null, power: {}, offload: 1 }, {}],
    [
      'NACamera',
      { monitoring: 'off', sd_status: 7, alim_status: 1 },
      { monitoring: false, memory_card: 'insufficient_space', power_supply: false },
    ],
    ['NACamera', { monitoring: 'auto', sd_status: '4', alim_status: 0 }, { memory_card: 'working' }],
    ['NOC', { floodlight: 'auto', siren_status: 'sound' }, { floodlight: 'auto', sounding: true }],
    ['NIS', { status: 'sound', monitoring: 'on' }, { sounding: true, monitoring: true }],
    ['NIS', { status: 'no_news' }, {}],
    ['NACamDoorTag', { status: 'open' }, { open: true }],
    ['NACamDoorTag', { status: 'closed' }, { open: false }],
    ...['no_news', 'calibrating', 'undefined', 'calibration_failed', 'maintenance', 'weak_signal'].map(
      (status) => ['NACamDoorTag', { status }, {}] as const,
    ),
    ['OTH', { outdoor_temperature: 4.5, boiler_control: 'onoff' }, { outdoor_temperature: 4.5 }],
    ['person', { out_of_sight: true, last_seen: 1730999000 }, { present: false }],
  ] as const)('of %s at %j is %j', (type, told, expected) => {
    expect(read(type, told)).toEqual(expected);
  });

  test.each([
    ['NATherm1', { boiler_status: true }, { demand: true }],
    ['BNS', { boiler_status: false, cooler_status: true }, { demand: true }],
    ['BNS', { boiler_status: false, cooler_status: false }, { demand: false }],
    ['BNS', { cooler_status: 'perhaps' }, {}],
  ] as const)('of demand: %s at %j is %j', (type, told, expected) => {
    expect(read(type, told)).toEqual(expected);
  });

  test.each([
    ['NAModule1', { battery_percent: 74, battery_vp: 3700 }, 74],
    ['NAModule1', { battery_vp: 4800 }, 50],
    ['NAModule2', { battery_vp: 3000 }, 0],
    ['NAModule4', { battery_vp: 6500 }, 100],
    ['NRV', { battery_level: 3750, battery_state: 'very_low' }, 10],
    ['NRV', { battery_level: 3750 }, 50],
    ...Object.entries({ max: 100, full: 90, high: 75, medium: 50, low: 25, very_low: 10 }).map(
      ([state, percent]) => ['NLT', { battery_state: state, battery_level: 2900 }, percent] as const,
    ),
    // Nobody knows its scale.
    ['NLT', { battery_level: 2900 }, undefined],
    ['NRV', { battery_percent: 140, battery_state: 'great' }, undefined],
  ] as const)('of the battery: %s at %j is %j', (type, told, percent) => {
    expect(read(type, told).battery).toBe(percent);
  });

  test.each([
    [
      { therm_setpoint_mode: 'schedule', therm_setpoint_end_time: 0 },
      { mode: 'automatic', mode_until: null },
    ],
    [
      { therm_setpoint_mode: 'home', therm_setpoint_end_time: null },
      { mode: 'automatic', mode_until: null },
    ],
    [
      { therm_setpoint_mode: 'manual', therm_setpoint_end_time: 1731010000, therm_setpoint_temperature: 21 },
      { mode: 'manual', mode_until: '2024-11-07T20:06:40.000Z', setpoint: 21 },
    ],
    [{ therm_setpoint_mode: 'max' }, { mode: 'boost' }],
    [{ therm_setpoint_mode: 'off' }, { mode: 'off' }],
    [{ therm_setpoint_mode: 'away', therm_setpoint_end_time: 1e15 }, { mode: 'away' }],
    [{ therm_setpoint_mode: 'hg' }, { mode: 'protection' }],
  ])('of the mode at %j is %j', (told, expected) => {
    expect(read('NRV', told)).toEqual({ function: 'heating', ...expected });
  });

  test.each([
    [{ cooling_setpoint_mode: 'manual', cooling_setpoint_temperature: 25 }, 'cooling', 25],
    [
      {
        cooling_setpoint_mode: 'home',
        cooling_setpoint_temperature: 25,
        therm_setpoint_mode: 'home',
        therm_setpoint_temperature: 19,
      },
      'heating',
      19,
    ],
    [
      {
        temperature_control_mode: 'cooling',
        cooling_setpoint_mode: 'home',
        cooling_setpoint_temperature: 25,
        therm_setpoint_mode: 'home',
        therm_setpoint_temperature: 19,
      },
      'cooling',
      25,
    ],
  ])('of a room at %j is that of %s', (told, which, setpoint) => {
    expect(read('BNS', told)).toMatchObject({ function: which, setpoint });
  });

  test.each([
    [{}, {}],
    [{ therm_mode: 'schedule' }, { plant_mode: 'schedule', plant_mode_until: null }],
    [{ therm_mode: 'hg' }, { plant_mode: 'frost_guard', plant_mode_until: null }],
    [
      { therm_mode: 'away', therm_mode_endtime: 1731010000 },
      { plant_mode: 'away', plant_mode_until: '2024-11-07T20:06:40.000Z' },
    ],
    [{ therm_mode: 'party' }, {}],
    [
      {
        schedules: [
          { id: 'a', type: 'cooling', selected: true },
          { id: 'b', type: 'therm', selected: false },
          { id: 'c', type: 'therm', selected: true },
        ],
      },
      { program: 'c' },
    ],
  ])('of a home at %j is %j', (told, expected) => {
    expect(read('home', told)).toEqual(expected);
  });
});
