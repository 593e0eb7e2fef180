import { createHmac } from 'node:crypto';
import { expect, test } from 'vitest';
import { readHook, signHook } from '../../../shared/providers/signature.ts';

const key = { key: Buffer.from('0123456789abcdef0123456789abcdef'), epoch: 1 };
const account = 'acc_00000000000000000000';
const hook = signHook(key, 'legrand', account);
const mac = hook.slice(account.length + 1);

test('leads from an address to its account', () => {
  expect(readHook(key, 'legrand', hook)).toBe(account);
});

test('never changes: addresses are registered at providers', () => {
  expect(hook).toBe(`${account}.MRBtQykKrtbj6ixi6JBt4WCjGFPZWkFyjwrOqkFaHt4`);
});

test('is an HMAC-SHA256 over provider, account and epoch', () => {
  const expected = createHmac('sha256', key.key).update('["legrand","acc_00000000000000000000",1]');
  expect(mac).toBe(expected.digest('base64url'));
});

test('fits into the path of an address as it is', () => {
  expect(encodeURIComponent(hook)).toBe(hook);
});

test.each([
  ['made with another key', signHook({ ...key, key: Buffer.alloc(32) }, 'legrand', account)],
  ['of another epoch', signHook({ ...key, epoch: 2 }, 'legrand', account)],
  ['of another provider', signHook(key, 'netatmo', account)],
  ['of another account', `acc_00000000000000000001.${mac}`],
  ['cut short', hook.slice(0, -1)],
  ['with more behind it', `${hook}A`],
  ['with another part behind it', `${hook}.A`],
  ['with padding', `${hook}=`],
  ['with another last character that decodes alike', `${hook.slice(0, -1)}5`],
  ['in other capitals', `${account}.${mac.toUpperCase()}`],
  ['without a mac', account],
  ['with an empty mac', `${account}.`],
  ['without an account', `.${mac}`],
  ['without anything', ''],
])('refuses a hook %s', (_, wrong) => {
  expect(readHook(key, 'legrand', wrong)).toBeUndefined();
});
