/** A new webhook address for one account: told, both count for a while, and then one. */
import { expect, test } from 'vitest';
import { keys } from '../../shared/store/keys.ts';
import { useBench } from './bench.ts';
import { awaitEvent, eventsOf, firstModule, type Home, isChange, linkHome } from './home.ts';
import { hookOf, notification, post } from './notification.ts';
import { ACCEPTED, changesOf, deliveriesOf, temperatureOf } from './webhook-traces.ts';

const bench = await useBench();
const { client, legrand, inside, kept } = bench;

const roll = ({ accountId }: Home, query = '') =>
  client.call('POST', `/v1/accounts/${accountId}/webhook/roll${query}`);
const say = (hook: string, home: Home, temperatureC: number) =>
  post(hook, [notification(home, { temperatureC })]);

test('both addresses count while Legrand learns the new one, and then the former changes nothing', async () => {
  const home = await linkHome(bench);
  const { accountId } = home;
  const former = await hookOf(bench, home);

  expect((await roll(home)).status).toBe(202);
  expect((await client.account(accountId)).webhook.address).not.toHaveProperty('overlapUntil');
  expect(await say(former, home, 21.1)).toEqual(ACCEPTED);
  expect(await changesOf(bench, home, 'temperature', 21.1)).toHaveLength(1);

  await inside.runSchedule('sync-accounts');
  const present = await hookOf(bench, home);
  expect(present).not.toBe(former);
  const held = (await legrand.subscriptions()).filter(({ plantId }) => plantId === home.plantNativeId);
  expect(held).toHaveLength(1);
  const { address } = (await client.account(accountId)).webhook;
  const overlapMinutes = (Date.parse(address?.overlapUntil ?? '') - Date.now()) / 60_000;
  expect(overlapMinutes).toBeGreaterThan(58);
  expect(overlapMinutes).toBeLessThanOrEqual(60);
  await say(present, home, 22.2);
  expect(await changesOf(bench, home, 'temperature', 22.2)).toHaveLength(1);
  await say(former, home, 23.3);
  expect(await changesOf(bench, home, 'temperature', 23.3)).toHaveLength(1);
  expect((await client.account(accountId)).webhook.outdated).toBeUndefined();

  // An hour later.
  const ended = new Date(Date.now() - 1000).toISOString();
  await kept.edit(keys.account(accountId), { 'hook.former.until': ended });
  await inside.settle();
  const before = await eventsOf(bench, accountId);
  expect(await say(former, home, 24.4)).toEqual(ACCEPTED);
  expect(await temperatureOf(bench, home)).toBe(23.3);
  expect(await eventsOf(bench, accountId)).toEqual(before);
  expect((await client.account(accountId)).webhook.outdated).toMatchObject({ deliveries: 1 });
  const marked = (await deliveriesOf(bench, home)).filter(({ outdated }) => outdated);
  expect(marked).toEqual([expect.objectContaining({ raw: expect.stringContaining('24.4') })]);

  const { moduleId, nativeId } = firstModule(home);
  await legrand.touch({ moduleId: nativeId, temperatureC: 25.5 });
  await awaitEvent(bench, accountId, isChange(moduleId, 'temperature', 25.5));
});

test('without an overlap the former address ends with the call', async () => {
  const home = await linkHome(bench);
  const former = await hookOf(bench, home);
  await inside.settle();
  const before = await temperatureOf(bench, home);
  expect((await roll(home, '?overlap=false')).status).toBe(202);
  expect(await say(former, home, 24.4)).toEqual(ACCEPTED);
  expect(await temperatureOf(bench, home)).toBe(before);
  await inside.runSchedule('sync-accounts');
  await say(await hookOf(bench, home), home, 25.5);
  expect(await temperatureOf(bench, home)).toBe(25.5);
});

test('an account that is linked again after an unlink gets an address of its own', async () => {
  const home = await linkHome(bench);
  const [, epoch = ''] = (await hookOf(bench, home)).split('/').at(-1)?.split('.') ?? [];
  const linkedAt = Date.parse((await client.account(home.accountId)).linkedAt);
  expect(Math.abs(Number(epoch) * 1000 - linkedAt)).toBeLessThan(5_000);
});

test('an account that there is not cannot be rolled', async () => {
  const answer = await client.call('POST', '/v1/accounts/acc_00000000000000000000/webhook/roll');
  expect(answer.status).toBe(404);
});
