import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { eventsOf } from '../../end-to-end/home.ts';
import { deliveriesOf } from '../../end-to-end/webhook-traces.ts';
import { isReached } from '../figures.ts';
import { type LocalLatchkey, openLatchkey } from '../local-latchkey.ts';
import { bench } from './bench.ts';

let latchkey: LocalLatchkey;
beforeAll(async () => {
  latchkey = await openLatchkey();
});
afterAll(() => latchkey.close());
afterEach(() => vi.unstubAllEnvs());

const measure = (settings: Record<string, string>) => bench(() => undefined, settings);

describe('a measurement of a stage', () => {
  test('times what its webhook answers, and leaves nothing but deliveries behind', async () => {
    const before = await eventsOf(latchkey, latchkey.home.accountId);
    const figures = await measure({ url: latchkey.hook, burst: '3', warm: '5' });
    expect(figures.map(({ name }) => name)).toEqual([
      'the way to the gateway and back, p50',
      'burst, p50',
      'burst, slowest',
      'warm, p50',
      'warm, p50 without the way',
      'warm, p99',
      'warm, slowest',
      'answered with anything but 200',
    ]);
    for (const { value, unit } of figures) if (unit === 'ms') expect(value).toBeGreaterThan(0);
    await latchkey.inside.settle();
    // A busy machine may have put some off.
    const taken = 3 + 5 - (figures.at(-1)?.value ?? 0);
    expect(await deliveriesOf(latchkey, latchkey.home)).toHaveLength(taken);
    expect(await eventsOf(latchkey, latchkey.home.accountId)).toEqual(before);
  });

  test('needs no account where it has the app secret', async () => {
    const before = await deliveriesOf(latchkey, latchkey.home);
    vi.stubEnv('LATCHKEY_APP_SECRET', latchkey.readSecret('latchkey/local/app'));
    const figures = await measure({ api: `${latchkey.api}/`, burst: '1', warm: '9' });
    const putOff = figures.at(-1)?.value ?? 0;
    await latchkey.inside.settle();
    expect(await deliveriesOf(latchkey, latchkey.home)).toEqual(before);
    const all = (await latchkey.kept.everything()).filter(({ sk }) => String(sk).startsWith('DELIVERY#'));
    expect(all).toHaveLength(before.length + 10 - putOff);
    expect(putOff).toBeLessThan(10);
  });

  test('falls short where the address is nobody’s', async () => {
    const figures = await measure({ url: `${latchkey.hook}x`, burst: '1', warm: '2' });
    const wrong = figures.find(({ name }) => name === 'answered with anything but 200');
    expect(wrong).toMatchObject({ value: 3 });
    expect(wrong && isReached(wrong)).toBe(false);
  });

  test.each([
    [{}, 'deployed needs --api or --url'],
    [{ url: 'api.example' }, '--url is not an address'],
    [{ url: 'https://api.example/v1/links' }, '--url is not an address'],
    [{ api: 'https://api.example' }, 'LATCHKEY_APP_SECRET is not the text of the app secret'],
    [{ url: 'https://api.example/webhooks/legrand/a.b', burst: '0' }, '--burst is not a number of requests'],
    [{ url: 'https://api.example/webhooks/legrand/a.b', warm: 'many' }, '--warm is not a number of requests'],
  ])('is refused for %j', async (settings, problem) => {
    await expect(measure(settings)).rejects.toThrow(problem);
  });
});
