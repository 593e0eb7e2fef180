/** The application, the people and the homes of a new simulator. Every id and secret here is invented. */
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import type { Thermostat } from './house/thermostat.ts';
import { type CloudState, type SimulatedPlant, type User, usualSettings } from './state.ts';

/** One password for all: this is a stage, and the sign-in page says it. */
export const SEED_PASSWORD = 'legrand';

const MARIE_ID = '90817263-5544-4332-9110-aabbccddeeff';
const PAUL_ID = '4a5b6c7d-8e9f-4a1b-9c2d-3e4f5a6b7c8d';

const users: readonly Omit<User, 'password'>[] = [
  { userId: MARIE_ID, email: 'marie@example.net', name: 'Marie Lambert' },
  { userId: PAUL_ID, email: 'paul@example.net', name: 'Paul Rossi' },
  { userId: 'c0ffee00-1234-4abc-8def-001122334455', email: 'nina@example.net', name: 'Nina Weber' },
];

const programs: Thermostat['programs'] = [
  { number: 0, name: '', dayC: 18, nightC: 16 },
  { number: 1, name: 'At home', dayC: 20, nightC: 17 },
  { number: 2, name: 'Away', dayC: 16, nightC: 15 },
  { number: 3, name: 'Working week', dayC: 19.5, nightC: 16.5 },
  { number: 4, name: 'Weekend', dayC: 21, nightC: 17.5 },
  { number: 5, name: 'Guests', dayC: 21.5, nightC: 19 },
  { number: 6, name: 'Evenings only', dayC: 18.5, nightC: 17 },
  { number: 7, name: 'Home office', dayC: 20.5, nightC: 16 },
  { number: 8, name: 'Baby', dayC: 21, nightC: 20 },
  { number: 9, name: 'Holiday', dayC: 14, nightC: 14 },
  { number: 10, name: 'Spring', dayC: 19, nightC: 17 },
  { number: 11, name: 'Constant', dayC: 19, nightC: 19 },
];

export function createThermostat(
  moduleId: string,
  name: string,
  temperatureC: number,
  epochMs: number,
): Thermostat {
  return {
    moduleId,
    name,
    function: 'HEATING',
    mode: 'AUTOMATIC',
    manualC: 20,
    programNumber: 1,
    programs,
    room: { temperatureC, humidityPercent: 48.2, relayOn: false },
    computedEpochMs: epochMs,
    reachable: true,
  };
}

/** Marie has one plant with two thermostats, Paul two plants with one each, Nina none. */
function createPlants(epochMs: number): SimulatedPlant[] {
  return [
    {
      plantId: '7f3c1a52-90be-4d1d-8a2e-55aa01020304',
      userId: MARIE_ID,
      name: 'Home',
      type: 'House',
      timeZone: 'Europe/Paris',
      modules: [
        createThermostat('c4d2e6f8-1357-4b9d-a0c1-66bb05060708', 'Living room', 19.4, epochMs),
        createThermostat('d5e3f709-2468-4cae-b1d2-77cc16171819', 'Bedroom', 18.1, epochMs),
      ],
    },
    {
      plantId: '1b2c3d4e-5f60-4718-a92b-3c4d5e6f7081',
      userId: PAUL_ID,
      name: 'Casa Rossi',
      type: 'House',
      timeZone: 'Europe/Rome',
      modules: [createThermostat('e6f4081a-3579-4dbf-82e3-88dd2728292a', 'Soggiorno', 20.3, epochMs)],
    },
    {
      plantId: '2c3d4e5f-6071-4829-ba3c-4d5e6f708192',
      userId: PAUL_ID,
      timeZone: 'Europe/Rome',
      modules: [createThermostat('f705192b-468a-4ec0-93f4-99ee38393a3b', 'Baita', 12.6, epochMs)],
    },
  ];
}

export function createState(epochMs: number): CloudState {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  return {
    format: 1,
    clockOffsetMs: 0,
    application: {
      clientId: '0a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d',
      // Legrand's secrets contain punctuation, a plus sign among it, which a careless form body turns into a space.
      clientSecret: 'sim+Secret~7,"k.Q/4=w%2B&x',
      subscriptionKey: '5ec0de0f51a0b1c2d3e4f5061728394a',
      replyUrls: [],
    },
    keys: {
      keyId: randomBytes(16).toString('base64url'),
      signingPem: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
      opaqueSeed: randomBytes(32).toString('base64url'),
    },
    settings: { ...usualSettings },
    users: users.map((user) => ({ ...user, password: SEED_PASSWORD })),
    plants: createPlants(epochMs),
    grants: [],
    codes: [],
    refreshTokens: [],
    quotas: [],
    subscriptions: [],
    undelivered: [],
    endPoints: [],
    delayedChanges: [],
    faults: [],
  };
}
