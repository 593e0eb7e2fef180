import { describe, expect, test } from 'vitest';
import { readStage, StageError, type StageSettings } from '../../infra/stage.ts';

/** Read as somebody's `cdk.json` would be: what is in it is not checked by a compiler. */
function stageWith(settings: unknown) {
  return readStage({ stage: 'prod', stages: { prod: settings } });
}

describe('readStage', () => {
  test('takes the real clouds, Paris time and no return address where nothing is said', () => {
    expect(stageWith({})).toEqual({
      name: 'prod',
      returnTo: [],
      defaultTimeZone: 'Europe/Paris',
      allthingstalkCallsPerHour: 1_000,
      logLevel: 'INFO',
      vault: 'secrets',
      retentionDays: { raw: 400, '5min': 400, '1hour': 1_100, '1day': 3_700 },
      condenseAfterSeconds: 20,
      providerUrls: {
        LATCHKEY_LEGRAND_LOGIN_URL: 'https://partners-login.eliotbylegrand.com',
        LATCHKEY_LEGRAND_API_URL: 'https://api.developer.legrand.com/smarther/v2.0',
        LATCHKEY_NETATMO_URL: 'https://api.netatmo.com',
        LATCHKEY_ALLTHINGSTALK_URL: 'https://api.allthingstalk.io',
      },
    });
  });

  test("prefers the environment's URLs to the stage's, and the stage's to the default", () => {
    const url = (host: string) => ({ LATCHKEY_LEGRAND_LOGIN_URL: `https://${host}` });
    const stages = { prod: { providerUrls: url('stage.example.org') } };
    const environment = { ...url('environment.example.org'), PATH: '/bin' };
    expect(readStage({ stage: 'prod', stages }).providerUrls).toMatchObject(url('stage.example.org'));
    expect(readStage({ stage: 'prod', stages, environment }).providerUrls).toEqual({
      ...url('environment.example.org'),
      LATCHKEY_LEGRAND_API_URL: 'https://api.developer.legrand.com/smarther/v2.0',
      LATCHKEY_NETATMO_URL: 'https://api.netatmo.com',
      LATCHKEY_ALLTHINGSTALK_URL: 'https://api.allthingstalk.io',
    });
  });

  test('lets given settings replace those of the stage one by one', () => {
    const stages = { prod: { logLevel: 'WARN', defaultTimeZone: 'Europe/Rome' } };
    const settings: StageSettings = { logLevel: 'DEBUG' };
    expect(readStage({ stage: 'prod', stages, settings })).toMatchObject({
      logLevel: 'DEBUG',
      defaultTimeZone: 'Europe/Rome',
    });
  });

  test.each([['prdo'], [undefined], ['constructor'], [7]])(
    'refuses %s, naming the stages there are',
    (stage) => {
      const read = () => readStage({ stage, stages: { dev: {}, prod: {} } });
      expect(read).toThrow(StageError);
      expect(read).toThrow(/unknown stage .*; cdk\.json knows: dev, prod$/);
    },
  );

  test.each([
    ['an unknown setting', { retrunTo: [] }, /stage prod: settings: .*retrunTo/],
    [
      'a time zone that does not exist',
      { defaultTimeZone: 'Europe/Pari' },
      /defaultTimeZone: is not an IANA/,
    ],
    ['a public URL with a slash at its end', { publicUrl: 'https://a.example.org/' }, /publicUrl: .*slash/],
    ['a public URL that is no web address', { publicUrl: 'ftp://a.example.org' }, /publicUrl: /],
    ['a topic that is no ARN', { alarmTopicArn: 'alarms' }, /alarmTopicArn: /],
    [
      'a past that is kept for less than it takes to come',
      { retentionDays: { raw: 3 } },
      /retentionDays\.raw: /,
    ],
    [
      'hours that go before the five minutes they are made of',
      { retentionDays: { '5min': 500, '1hour': 499 } },
      /retentionDays\.1hour: must be at least the 500 days of 5min/,
    ],
    ['a resolution that is not kept', { retentionDays: { '1week': 500 } }, /retentionDays: .*1week/],
    ['a wait that is longer than Lambda has it', { condenseAfterSeconds: 301 }, /condenseAfterSeconds: /],
    [
      'a cloud that is not known',
      { providerUrls: { LATCHKEY_TADO_URL: 'https://a' } },
      /providerUrls: .*TADO/,
    ],
  ])('refuses %s in one line that names it', (_, settings, message) => {
    expect(() => stageWith(settings)).toThrow(StageError);
    expect(() => stageWith(settings)).toThrow(message);
    expect(() => stageWith(settings)).not.toThrow(/\n/);
  });

  test.each([
    ['https://app.example.org', 'would match app.example.org.evil.net'],
    ['http://app.example.org/', 'is not https'],
    ['http://127.0.0.1:3000@evil.net/', 'is not on this machine'],
    ['javascript:alert(1)/', 'is no web address'],
    ['https://app.example.org/a,b', 'holds the comma that separates'],
  ])('refuses the return address %s, which %s', (prefix) => {
    expect(() => stageWith({ returnTo: [prefix] })).toThrow(/returnTo\.0: must be an https URL with a path/);
  });

  test.each([
    'https://app.example.org/',
    'https://app.example.org/done',
    'http://127.0.0.1:3000/',
    'http://localhost/',
  ])('accepts the return address %s', (prefix) => {
    expect(stageWith({ returnTo: [prefix] }).returnTo).toEqual([prefix]);
  });

  test('refuses a stage name that resources cannot be called', () => {
    expect(() => readStage({ stage: 'Prod EU', stages: { 'Prod EU': {} } })).toThrow(
      /cdk\.json, stages: Prod EU/,
    );
  });
});
