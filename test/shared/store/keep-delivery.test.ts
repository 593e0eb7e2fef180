import { expect, test } from 'vitest';
import * as z from 'zod';
import { Delivery } from '../../../shared/domain/delivery.ts';
import { type KeptDelivery, keepDelivery } from '../../../shared/store/keep-delivery.ts';
import { keys } from '../../../shared/store/keys.ts';
import { anAccountId, NOW, NOW_MS } from './samples.ts';
import { times, useStore } from './use-store.ts';

const { table, dynamodb, tableName } = useStore();
const aDelivery = (): KeptDelivery => ({
  accountId: anAccountId(),
  deliveryId: 'delivery-1',
  provider: 'legrand',
  raw: '[{"eventType":"€"}]',
  receivedAtMs: NOW_MS,
  hookEpoch: 1_767_000_000,
});
const keep = (delivery: KeptDelivery, signal = new AbortController().signal) =>
  keepDelivery(dynamodb(), tableName(), delivery, signal);
const found = ({ accountId, deliveryId }: KeptDelivery) =>
  table().get(keys.delivery(accountId, deliveryId), z.looseObject(Delivery.shape));

test('keeps one of twenty copies, as it came', async () => {
  const delivery = aDelivery();
  const outcomes = await Promise.all(times(20, () => keep(delivery)));
  expect(outcomes.filter((outcome) => outcome === 'kept')).toHaveLength(1);
  const { receivedAtMs: _, ...kept } = delivery;
  const item = await found(delivery);
  expect(item).toMatchObject({ ...kept, receivedAt: NOW, expiresAtEpoch: NOW_MS / 1000 + 30 * 86_400 });
});

test('keeps what went wrong before it, where there was anything', async () => {
  const [delivery, other] = [aDelivery(), aDelivery()];
  await keep({ ...delivery, misses: { count: 3, sinceMs: NOW_MS - 5_000 } });
  expect(await found(delivery)).toMatchObject({
    missedAnswers: 3,
    missedSince: new Date(NOW_MS - 5_000).toISOString(),
  });
  await keep(other);
  expect(await found(other)).not.toHaveProperty('missedAnswers');
});

test('keeps the same delivery for two accounts', async () => {
  expect(await keep(aDelivery())).toBe('kept');
  expect(await keep(aDelivery())).toBe('kept');
});

test('does not wait longer than it is told to', async () => {
  await expect(keep(aDelivery(), AbortSignal.abort())).rejects.toMatchObject({ name: 'AbortError' });
});
