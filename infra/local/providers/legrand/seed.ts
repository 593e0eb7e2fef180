/** The application, the people and the homes of a new simulator. Every id and secret here is invented. */
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { createThermostat } from './house/new-thermostat.ts';
import { type CloudState, type SimulatedPlant, type User, usualSettings } from './state.ts';

/** One password for all: this is a stage, and the sign-in page says it. */
export const SEED_PASSWORD = 'legrand';

/** Whom to sign in as. */
export const marie = { login: 'marie@example.net', password: SEED_PASSWORD };

const MARIE_ID = '90817263-5544-4332-9110-aabbccddeeff';
const PAUL_ID = '4a5b6c7d-8e9f-4a1b-9c2d-3e4f5a6b7c8d';

const users: readonly Omit<User, 'password'>[] = [
  { userId: MARIE_ID, email: marie.login, name: 'Marie Lambert' },
  { userId: PAUL_ID, email: 'paul@example.net', name: 'Paul Rossi' },
  { userId: 'c0ffee00-1234-4abc-8def-001122334455', email: 'nina@example.net', name: 'Nina Weber' },
];

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
        createThermostat(
          {
            moduleId: 'c4d2e6f8-1357-4b9d-a0c1-66bb05060708',
            name: 'Living room',
            timeZone: 'Europe/Paris',
            temperatureC: 19.4,
          },
          epochMs,
        ),
        createThermostat(
          {
            moduleId: 'd5e3f709-2468-4cae-b1d2-77cc16171819',
            name: 'Bedroom',
            timeZone: 'Europe/Paris',
            temperatureC: 18.1,
          },
          epochMs,
        ),
      ],
    },
    {
      plantId: '1b2c3d4e-5f60-4718-a92b-3c4d5e6f7081',
      userId: PAUL_ID,
      name: 'Casa Rossi',
      type: 'House',
      timeZone: 'Europe/Rome',
      modules: [
        createThermostat(
          {
            moduleId: 'e6f4081a-3579-4dbf-82e3-88dd2728292a',
            name: 'Soggiorno',
            timeZone: 'Europe/Rome',
            temperatureC: 20.3,
          },
          epochMs,
        ),
      ],
    },
    {
      plantId: '2c3d4e5f-6071-4829-ba3c-4d5e6f708192',
      userId: PAUL_ID,
      timeZone: 'Europe/Rome',
      modules: [
        createThermostat(
          {
            moduleId: 'f705192b-468a-4ec0-93f4-99ee38393a3b',
            name: 'Baita',
            timeZone: 'Europe/Rome',
            temperatureC: 12.6,
          },
          epochMs,
        ),
      ],
    },
  ];
}

let signingPem: string | undefined;

/** One for the process: it takes long to make, and what it signs is worth nothing outside the cloud that signed it. */
function signingKey(): string {
  signingPem ??= generateKeyPairSync('rsa', { modulusLength: 2048 })
    .privateKey.export({ type: 'pkcs8', format: 'pem' })
    .toString();
  return signingPem;
}

export function createState(epochMs: number): CloudState {
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
      signingPem: signingKey(),
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
