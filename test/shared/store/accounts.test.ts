import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { createFaults } from '../../../infra/local/aws/faults.ts';
import { expression } from '../../../shared/store/expression.ts';
import { ItemKey } from '../../../shared/store/item.ts';
import { aModule, anAccount, aPlant, aPointer, NOW_MS } from './samples.ts';
import { times, useStore } from './use-store.ts';

const faults = createFaults();
const { store, table } = useStore(faults);

test('creates an account once', async () => {
  const account = anAccount();
  expect(await store().accounts.create(account)).toBe('written');
  expect(await store().accounts.create({ ...account, owner: 'other' })).toBe('refused');
  expect(await store().accounts.get(account.accountId)).toEqual(account);
});

test('replaces an account only if nobody has since it was read', async () => {
  const account = anAccount();
  await store().accounts.create(account);
  const outcomes = await Promise.all(
    times(10, (i) => store().accounts.replace({ ...account, owner: `owner-${i}` })),
  );
  expect(outcomes.filter((outcome) => outcome === 'written')).toHaveLength(1);
  expect(await store().accounts.get(account.accountId)).toMatchObject({ version: 2 });
  expect(await store().accounts.replace(account)).toBe('refused');
});

test('changes an account by what it is at that moment, however many do', async () => {
  const account = anAccount({ scopes: [] });
  await store().accounts.create(account);
  await Promise.all(
    times(8, (i) =>
      store().accounts.change(account.accountId, ({ scopes }) => ({ scopes: [...scopes, `scope ${i}`] })),
    ),
  );
  const changed = await store().accounts.get(account.accountId);
  expect(changed?.scopes.toSorted()).toEqual(times(8, (i) => `scope ${i}`));
  expect(changed?.version).toBe(9);
});

test('writes nothing when a change changes nothing', async () => {
  const account = anAccount();
  await store().accounts.create(account);
  await store().accounts.change(account.accountId, ({ health }) => ({
    health: { since: health.since, state: health.state },
    webhookProblem: undefined,
  }));
  expect(await store().accounts.get(account.accountId)).toEqual(account);
});

test('changes no account that is gone', async () => {
  const { accountId } = anAccount();
  await store().accounts.change(accountId, () => ({ owner: 'other' }));
  expect(await store().accounts.get(accountId)).toBeUndefined();
});

test('does not bring an account back that was forgotten meanwhile', async () => {
  const account = anAccount();
  await store().accounts.create(account);
  await store().accounts.forget(account.accountId);
  expect(await store().accounts.replace(account)).toBe('refused');
  expect(await store().accounts.get(account.accountId)).toBeUndefined();
});

test('lists the accounts of an owner, page by page', async () => {
  const owner = randomUUID();
  const accounts = times(5, () => anAccount({ owner }));
  await Promise.all([...accounts, anAccount()].map((account) => store().accounts.create(account)));
  const first = await store().accounts.list({ owner, limit: 3 });
  const second = await store().accounts.list({ owner, limit: 3, ...(first.next && { after: first.next }) });
  const ids = [...first.items, ...second.items].map(({ accountId }) => accountId);
  expect(ids).toEqual(accounts.map(({ accountId }) => accountId).sort());
  expect(second.next).toBeUndefined();
});

test('lists everybody and no other item when no owner is named', async () => {
  const accounts = times(3, () => anAccount());
  await Promise.all(accounts.map((account) => store().accounts.create(account)));
  await store().pointers.create(aPointer());
  const found: string[] = [];
  let after: Record<string, unknown> | undefined;
  do {
    const page = await store().accounts.list({ limit: 2, ...(after && { after }) });
    found.push(...page.items.map(({ accountId }) => accountId));
    after = page.next;
  } while (after);
  expect(found).toEqual(expect.arrayContaining(accounts.map(({ accountId }) => accountId)));
  expect(new Set(found).size).toBe(found.length);
});

test('refuses a cursor that another list gave', async () => {
  const list = store().accounts.list({ owner: 'owner-1', limit: 2, after: { pk: 'LINK#1', sk: 'LINK' } });
  await expect(list).rejects.toMatchObject({ code: 'request_invalid' });
});

test('forgets everything kept under an account and nothing of its neighbours', async () => {
  const [account, neighbour] = [anAccount(), anAccount()];
  for (const { accountId } of [account, neighbour]) {
    await store().accounts.create(anAccount({ accountId }));
    await store().pointers.create(aPointer({ accountId }));
    await store().plants.put(aPlant(accountId));
    await store().syncJobs.start(accountId, NOW_MS);
    await Promise.all(times(120, (i) => store().modules.describe(aModule(accountId, `module-${i}`))));
  }
  await store().accounts.forget(account.accountId);
  const left = (accountId: string) =>
    Array.fromAsync(table().queryAll(expression`#pk = ${`ACCOUNT#${accountId}`}`, ItemKey));
  expect(await left(account.accountId)).toEqual([]);
  expect(await left(neighbour.accountId)).toHaveLength(124);
  expect(await store().accounts.forget(account.accountId)).toBeUndefined();
});

test('forgets the account itself last, so that what was cut short can be repeated', async () => {
  const { accountId } = anAccount();
  await store().accounts.create(anAccount({ accountId }));
  await store().pointers.create(aPointer({ accountId }));
  await store().plants.put(aPlant(accountId));
  faults.add({ action: 'DeleteItem', effect: 'fail', skip: 1, times: 3 });
  await expect(store().accounts.forget(accountId)).rejects.toMatchObject({ code: 'store_unavailable' });
  expect(await store().accounts.get(accountId)).toBeDefined();
  expect(faults.list()).toEqual([]);
  await store().accounts.forget(accountId);
  expect(await store().accounts.get(accountId)).toBeUndefined();
});
