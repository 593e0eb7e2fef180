import { expect, test } from 'vitest';
import { retentionOf } from '../../../shared/runtime/dependencies.ts';
import { envGroups, readEnv } from '../../../shared/runtime/env.ts';

test('reads the groups asked for, and no more', () => {
  const source = { TABLE_NAME: 'latchkey-dev', PUBLIC_URL: 'https://api.example', APP_SECRET_ID: '' };
  expect(readEnv(['table', 'api'], source)).toEqual({
    table: { TABLE_NAME: 'latchkey-dev' },
    api: { PUBLIC_URL: 'https://api.example' },
  });
});

test.each([
  ['missing', {}, 'TABLE_NAME'],
  ['empty', { TABLE_NAME: '' }, 'TABLE_NAME'],
])('names a variable that is %s', (_, source, name) => {
  expect(() => readEnv(['table'], source)).toThrow(
    expect.objectContaining({ code: 'config_invalid', message: expect.stringContaining(name) }),
  );
});

test('names every variable that is wrong, and quotes none', () => {
  const source = { LATCHKEY_LEGRAND_LOGIN_URL: 'hunter2' };
  const read = () => readEnv(['providers'], source);
  expect(read).toThrow(/LATCHKEY_LEGRAND_LOGIN_URL: .*LATCHKEY_LEGRAND_API_URL: /);
  expect(read).not.toThrow(/hunter2/);
});

test('allows no return address at all, and a log level by default', () => {
  expect(readEnv(['link', 'log'], { RETURN_TO_ALLOWED: '' })).toEqual({
    link: { RETURN_TO_ALLOWED: '' },
    log: { LOG_LEVEL: 'INFO' },
  });
});

test('has names that no two groups share', () => {
  const names = Object.values(envGroups).flatMap((group) => Object.keys(group.shape));
  expect(new Set(names).size).toBe(names.length);
  for (const name of names) expect(name).toMatch(/^[A-Z]+(_[A-Z]+)*$/);
});

test('reads how long the past is kept, and refuses what no past could be made of', () => {
  const source = {
    RETENTION_DAYS_RAW: '30',
    RETENTION_DAYS_FIVE_MINUTES: '60',
    RETENTION_DAYS_HOUR: '90',
    RETENTION_DAYS_DAY: '3700',
  };
  const read = (changed: object = {}) => retentionOf(readEnv(['retention'], { ...source, ...changed }));
  expect(read()).toEqual({ raw: 30, '5min': 60, '1hour': 90, '1day': 3_700 });
  for (const changed of [
    { RETENTION_DAYS_HOUR: '59' },
    { RETENTION_DAYS_RAW: '1' },
    { RETENTION_DAYS_DAY: '-1' },
  ])
    expect(() => read(changed)).toThrow(expect.objectContaining({ code: 'config_invalid' }));
});
