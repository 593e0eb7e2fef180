import { expect, test } from 'vitest';
import { readElsewhere } from '../../../infra/local/elsewhere.ts';

const whole = {
  LATCHKEY_LEGRAND_LOGIN_URL: 'https://login.example',
  LATCHKEY_LEGRAND_API_URL: 'https://api.example',
  LATCHKEY_LEGRAND_CLIENT_ID: 'id',
  LATCHKEY_LEGRAND_CLIENT_SECRET: 'secret',
  LATCHKEY_LEGRAND_SUBSCRIPTION_KEY: 'key',
};

test('is nowhere where the environment says nothing', () => {
  expect(readElsewhere({ PATH: '/bin' })).toBeUndefined();
});

test('is the cloud that the environment names, with its credentials', () => {
  expect(readElsewhere(whole)).toEqual({
    urls: {
      LATCHKEY_LEGRAND_LOGIN_URL: 'https://login.example',
      LATCHKEY_LEGRAND_API_URL: 'https://api.example',
    },
    credentials: { clientId: 'id', clientSecret: 'secret', subscriptionKey: 'key' },
  });
});

test.each(Object.keys(whole))('is a problem that names what is missing, without %s', (name) => {
  expect(readElsewhere({ ...whole, [name]: '' })).toEqual({
    problem: `another Legrand cloud is named, but not all of it: ${name} missing`,
  });
});
