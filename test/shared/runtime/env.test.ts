import { expect, test } from 'vitest';
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
