/** Deliveries read again: what could not be read yields its readings once it can be. */
import { expect, test } from 'vitest';
import { keys } from '../../shared/store/keys.ts';
import { useBench } from './bench.ts';
import { awaitEvent, eventsOf, firstModule, type Home, isChange, linkHome } from './home.ts';
import { hookOf, notification, post } from './notification.ts';
import { deliveriesOf, temperatureOf, temperaturesOf } from './webhook-traces.ts';

const bench = await useBench();
const { client, inside, kept } = bench;

const replay = ({ accountId }: Home, body: object) =>
  client.call('POST', `/v1/accounts/${accountId}/replay`, { body });
const lastHour = () => ({
  from: new Date(Date.now() - 3_600_000).toISOString(),
  to: new Date().toISOString(),
});

test('a delivery that was unreadable yields its reading, in an event that says so, beneath what is newer', async () => {
  const home = await linkHome(bench);
  const { moduleId } = firstModule(home);
  const hook = await hookOf(bench, home);
  await post(hook, 'what nobody can read');
  await awaitEvent(bench, home.accountId, ({ type }) => type === 'latchkey.delivery.unreadable');
  const [unread] = await deliveriesOf(bench, home);
  // As if the driver had been mended: what was kept is what it reads now.
  const raw = JSON.stringify([notification(home, { temperatureC: 27.7 })]);
  await kept.edit(keys.delivery(home.accountId, String(unread?.deliveryId)), { raw });
  await inside.settle();
  expect(await temperatureOf(bench, home)).not.toBe(27.7);

  const started = await replay(home, lastHour());
  expect(started.status).toBe(202);
  expect(await replay(home, lastHour()).then(({ status }) => status)).toBe(409);
  expect(await inside.runSchedule('sync-accounts')).toMatchObject({ replayed: 1 });
  const { event } = await awaitEvent(bench, home.accountId, isChange(moduleId, 'temperature', 27.7));
  const done = (await client.account(home.accountId)).replay;
  expect(event.data.replay).toBe(done?.id);
  expect(done).toMatchObject({
    counts: { deliveries: 1, readable: 1, unreadable: 0, ignored: 0, changes: 1 },
    finishedAt: expect.any(String),
  });
  expect(await temperaturesOf(bench, home)).toContain(27.7);

  await post(hook, [notification(home, { temperatureC: 21.5, atMs: Date.now() + 1000 })]);
  expect(await temperatureOf(bench, home)).toBe(21.5);
  const before = await eventsOf(bench, home.accountId);
  expect((await replay(home, lastHour())).status).toBe(202);
  expect(await inside.runSchedule('sync-accounts')).toMatchObject({ replayed: 2 });
  await inside.settle();
  expect(await temperatureOf(bench, home)).toBe(21.5);
  expect(await eventsOf(bench, home.accountId)).toEqual(before);
});

test.each([
  ['no window', {}],
  ['a window that ends before it begins', { from: '2026-01-02T00:00:00Z', to: '2026-01-01T00:00:00Z' }],
  ['a time that is none', { from: 'yesterday', to: '2026-01-01T00:00:00Z' }],
])('%s is refused', async (_, body) => {
  const home = await linkHome(bench);
  const answer = await replay(home, body);
  expect(answer.status).toBe(400);
  expect(await answer.json()).toMatchObject({ code: 'request_invalid' });
});
