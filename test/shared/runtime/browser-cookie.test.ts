import { expect, test } from 'vitest';
import { browserCookie } from '../../../shared/runtime/browser-cookie.ts';

const deployed = browserCookie('https://api.example', 'lnk_1');
const local = browserCookie('http://127.0.0.1:4010', 'lnk_1');

test('is bound to the very host where there is TLS', () => {
  expect(deployed.write('secret', 540)).toBe(
    '__Host-latchkey-lnk_1=secret; Max-Age=540; Path=/; HttpOnly; SameSite=Lax; Secure',
  );
});

test('loses its prefix and its flag where there is none, and nothing else', () => {
  expect(local.write('secret', 540)).toBe(
    'latchkey-lnk_1=secret; Max-Age=540; Path=/; HttpOnly; SameSite=Lax',
  );
});

test('is found among others, and only by its whole name', () => {
  const cookies = [
    'a=1',
    '__Host-latchkey-lnk_12=other',
    'latchkey-lnk_1=planted',
    '__Host-latchkey-lnk_1=se=cret',
  ];
  expect(deployed.read(cookies)).toBe('se=cret');
  expect(deployed.read(cookies.slice(0, 3))).toBeUndefined();
  expect(deployed.read([])).toBeUndefined();
  expect(deployed.read(undefined)).toBeUndefined();
});

test('is taken away by one that has no time left', () => {
  expect(deployed.write('', 0)).toMatch(/^__Host-latchkey-lnk_1=; Max-Age=0; /);
});
