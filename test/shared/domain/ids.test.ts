import { expect, test } from 'vitest';
import {
  AccountId,
  accountIdFor,
  accountOf,
  CommandId,
  eventIdFor,
  hashSecret,
  LinkId,
  ModuleId,
  moduleIdFor,
  newCommandId,
  newLinkId,
  newSecret,
  PlantId,
  plantIdFor,
} from '../../../shared/domain/ids.ts';

const accountId = 'acc_ek1nkzkczqb3fcqc3c7d';

test('derives ids that never change: clients and items hold on to them', () => {
  const vectors = [
    accountIdFor('legrand', 'owner-1', 'subject-1'),
    plantIdFor('acc_00000000000000000000', 'plant-native'),
    moduleIdFor('acc_00000000000000000000', 'module-native'),
    eventIdFor('latchkey.module.changed', 'mod_1', '000000000000000000042'),
    hashSecret('secret'),
  ];
  expect(vectors).toEqual([
    'acc_pes5jpg9m6hdm8wch5gm',
    'plt_00000000000000000000_28p7b3x6avv24scx',
    'mod_00000000000000000000_vw1csp3zp64amfvt',
    'evt_tbzv4nzd552y36jeb38vhcamx4',
    'K7gNU3sdo-OL0wNhqoVWhr3g6s1xYv72ol_pe_Unols',
  ]);
});

test('makes ids that their own schemas know', () => {
  const account = accountIdFor('legrand', 'owner', 'subject');
  expect(AccountId.parse(account)).toBe(account);
  expect(PlantId.parse(plantIdFor(account, 'n'))).toMatch(/^plt_/);
  expect(ModuleId.parse(moduleIdFor(account, 'n'))).toMatch(/^mod_/);
  expect(CommandId.parse(newCommandId(account))).toMatch(/^cmd_/);
  expect(LinkId.parse(newLinkId())).toMatch(/^lnk_/);
});

test('leads from every id below an account to the account', () => {
  for (const id of [plantIdFor(accountId, 'a'), moduleIdFor(accountId, 'b'), newCommandId(accountId)]) {
    expect(accountOf(id)).toBe(accountId);
  }
});

test.each([
  ['owner', accountIdFor('legrand', 'a', 'bc'), accountIdFor('legrand', 'ab', 'c')],
  ['account', moduleIdFor('acc_00000000000000000000', 'n'), moduleIdFor(accountId, 'n')],
  ['kind', plantIdFor(accountId, 'n').slice(4), moduleIdFor(accountId, 'n').slice(4)],
  ['place in the stream', eventIdFor('a', 'b', '1'), eventIdFor('a', 'b', '2')],
  ['parts, however they are joined', eventIdFor('a', 'b","c', 'd'), eventIdFor('a', 'b', 'c","d')],
])('tells apart what differs in %s', (_, one, other) => {
  expect(one).not.toBe(other);
});

test.each([
  ['of another kind', plantIdFor(accountId, 'n')],
  ['cut short', moduleIdFor(accountId, 'n').slice(0, -1)],
  ['with more behind it', `${moduleIdFor(accountId, 'n')}#`],
  ['with a line behind it', `${moduleIdFor(accountId, 'n')}\n`],
  ['in capitals', moduleIdFor(accountId, 'n').toUpperCase()],
  ['that is none', ''],
])('takes no id %s for a module id', (_, id) => {
  expect(ModuleId.safeParse(id).success).toBe(false);
});

test('makes secrets of 256 bits, links of 130, and never one twice', () => {
  expect(Buffer.from(newSecret(), 'base64url')).toHaveLength(32);
  expect(new Set(Array.from({ length: 200 }, newLinkId)).size).toBe(200);
  expect(new Set(Array.from({ length: 200 }, newSecret)).size).toBe(200);
});
