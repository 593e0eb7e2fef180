/** Unlinking: nothing stays behind but what the feed told, and a later link brings the same home back. */
import { describe, expect, test } from 'vitest';
import { accountPartition, readingPartition } from '../../shared/store/keys.ts';
import { useBench } from './bench.ts';
import { awaitEvent, firstModule, isChange, link, linkHome, lookAt } from './home.ts';

const bench = await useBench();
const { client, legrand, inside, kept } = bench;

describe('an unlink', () => {
  test('removes subscription, tokens, home and history, and a later link brings the same ids back', async () => {
    const home = await linkHome(bench);
    const { moduleId, nativeId } = firstModule(home);
    await legrand.touch({ moduleId: nativeId, temperatureC: 26.3 });
    await awaitEvent(bench, home.accountId, isChange(moduleId, 'temperature', 26.3));
    await inside.settle();
    expect(await kept.partition(readingPartition(moduleId))).not.toEqual([]);

    await client.unlink(home.accountId);
    const subscribed = (await legrand.subscriptions()).map(({ plantId }) => plantId);
    expect(subscribed).not.toContain(home.plantNativeId);
    expect(await kept.tokenSet(home.accountId)).toBeUndefined();
    expect(await kept.partition(accountPartition(home.accountId))).toEqual([]);
    await inside.settle();
    expect(await kept.partition(accountPartition(home.accountId))).toEqual([]);
    expect(await kept.partition(readingPartition(moduleId))).toEqual([]);
    expect(await client.accounts(home.owner)).toEqual([]);
    expect((await client.call('GET', `/v1/accounts/${home.accountId}`)).status).toBe(404);
    expect((await client.call('GET', `/v1/modules/${moduleId}`)).status).toBe(404);
    await awaitEvent(bench, home.accountId, ({ type }) => type === 'latchkey.account.unlinked');

    await link(bench, home.owner, home.person.email);
    expect(await lookAt(bench, home)).toEqual(home);
  });

  test('is refused while Legrand cannot be told, and goes through with force', async () => {
    const { accountId } = await linkHome(bench);
    await legrand.fault({ name: 'server_error', on: 'subscriptions' });
    const refused = await client.call('DELETE', `/v1/accounts/${accountId}`);
    expect(refused.status).toBe(503);
    expect(await refused.json()).toMatchObject({
      code: 'provider_unavailable',
      remedy: expect.stringContaining('force=true'),
    });
    expect((await client.account(accountId)).status).toBe('linked');
    expect(await kept.tokenSet(accountId)).toBeDefined();

    expect((await client.call('DELETE', `/v1/accounts/${accountId}?force=true`)).status).toBe(204);
    expect(await kept.tokenSet(accountId)).toBeUndefined();
  });
});
