import { createHmac } from 'node:crypto';
import { expect, test } from 'vitest';
import { readHook, signHook } from '../../../shared/providers/signature.ts';

const key = { key: Buffer.from('0123456789abcdef0123456789abcdef'), epoch: 1 };
const account = 'acc_00000000000000000000';
const EPOCH = 1_768_500_000;
const address = { accountId: account, epoch: EPOCH };
const hook = signHook(key, 'legrand', address);
const mac = hook.slice(hook.lastIndexOf('.') + 1);

test('leads from an address to its account and epoch', () => {
  expect(readHook(key, 'legrand', hook)).toEqual(address);
});

test('never changes: addresses are registered at providers', () => {
  expect(hook).toBe(`${account}.${EPOCH}.aZ_YbMmFIVX2rglHHQssqmY_E9KyhcaSE4KkCw4CI1I`);
});

test('is an HMAC-SHA256 over provider, account and epoch', () => {
  const text = `["legrand","acc_00000000000000000000","${EPOCH}"]`;
  expect(mac).toBe(createHmac('sha256', key.key).update(text).digest('base64url'));
});

test('proves itself whatever its epoch, but not where an operator has ended it', () => {
  expect(readHook({ ...key, epoch: EPOCH }, 'legrand', hook)).toEqual(address);
  expect(readHook({ ...key, epoch: EPOCH + 1 }, 'legrand', hook)).toBeUndefined();
});

test('fits into the path of an address as it is', () => {
  expect(encodeURIComponent(hook)).toBe(hook);
});

test.each([
  ['made with another key', signHook({ ...key, key: Buffer.alloc(32) }, 'legrand', address)],
  ['with another epoch written in', `${account}.${EPOCH + 1}.${mac}`],
  ['with its epoch written otherwise', `${account}.0${EPOCH}.${mac}`],
  ['without an epoch', `${account}.${mac}`],
  ['with an empty epoch', `${account}..${mac}`],
  ['of another provider', signHook(key, 'netatmo', address)],
  ['of another account', `acc_00000000000000000001.${EPOCH}.${mac}`],
  ['cut short', hook.slice(0, -1)],
  ['with more behind it', `${hook}A`],
  ['with another part behind it', `${hook}.A`],
  ['with padding', `${hook}=`],
  ['with another last character that decodes alike', `${hook.slice(0, -1)}J`],
  ['in other capitals', `${account}.${EPOCH}.${mac.toUpperCase()}`],
  ['without a mac', account],
  ['with an empty mac', `${account}.${EPOCH}.`],
  ['without an account', `.${EPOCH}.${mac}`],
  ['without anything', ''],
])('refuses a hook %s', (_, wrong) => {
  expect(readHook(key, 'legrand', wrong)).toBeUndefined();
});
