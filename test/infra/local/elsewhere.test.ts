import { expect, test } from 'vitest';
import { readElsewhere } from '../../../infra/local/elsewhere.ts';

const legrand = {
  LATCHKEY_LEGRAND_LOGIN_URL: 'https://login.example',
  LATCHKEY_LEGRAND_API_URL: 'https://api.example',
  LATCHKEY_LEGRAND_CLIENT_ID: 'id',
  LATCHKEY_LEGRAND_CLIENT_SECRET: 'secret',
  LATCHKEY_LEGRAND_SUBSCRIPTION_KEY: 'key',
};
const netatmo = {
  LATCHKEY_NETATMO_URL: 'https://netatmo.example',
  LATCHKEY_NETATMO_CLIENT_ID: 'another id',
  LATCHKEY_NETATMO_CLIENT_SECRET: 'another secret',
};
const whole = { ...legrand, ...netatmo };

const otherLegrand = {
  url: 'https://login.example',
  env: {
    LATCHKEY_LEGRAND_LOGIN_URL: 'https://login.example',
    LATCHKEY_LEGRAND_API_URL: 'https://api.example',
  },
  credentials: { clientId: 'id', clientSecret: 'secret', subscriptionKey: 'key' },
};
const otherNetatmo = {
  url: 'https://netatmo.example',
  env: { LATCHKEY_NETATMO_URL: 'https://netatmo.example' },
  credentials: { clientId: 'another id', clientSecret: 'another secret' },
};

test('is nowhere where the environment says nothing', () => {
  expect(readElsewhere({ PATH: '/bin' })).toEqual({});
});

test('is the clouds that the environment names, with their credentials', () => {
  expect(readElsewhere(legrand)).toEqual({ legrand: otherLegrand });
  expect(readElsewhere(netatmo)).toEqual({ netatmo: otherNetatmo });
  expect(readElsewhere(whole)).toEqual({ legrand: otherLegrand, netatmo: otherNetatmo });
});

test.each(Object.keys(whole))('is a problem that names what is missing, without %s', (name) => {
  const cloud = name in legrand ? 'Legrand' : 'Netatmo';
  expect(readElsewhere({ ...whole, [name]: '' })).toEqual({
    problem: `another ${cloud} cloud is named, but not all of it: ${name} missing`,
  });
});

test('names in one line what is missing of each cloud', () => {
  const { LATCHKEY_LEGRAND_CLIENT_SECRET: _, ...most } = legrand;
  expect(readElsewhere({ ...most, LATCHKEY_NETATMO_URL: 'https://netatmo.example' })).toEqual({
    problem:
      'another Legrand cloud is named, but not all of it: LATCHKEY_LEGRAND_CLIENT_SECRET missing; ' +
      'another Netatmo cloud is named, but not all of it: ' +
      'LATCHKEY_NETATMO_CLIENT_ID, LATCHKEY_NETATMO_CLIENT_SECRET missing',
  });
});
