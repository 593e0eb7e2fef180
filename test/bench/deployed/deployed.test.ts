import { afterAll, beforeAll, describe, expect, test } from 'vitest';
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

  test('falls short where the address is nobody’s', async () => {
    const figures = await measure({ url: `${latchkey.hook}x`, burst: '1', warm: '2' });
    const wrong = figures.find(({ name }) => name === 'answered with anything but 200');
    expect(wrong).toMatchObject({ value: 3 });
    expect(wrong && isReached(wrong)).toBe(false);
  });

  test.each([
    [{}, 'deployed needs --url'],
    [{ url: 'api.example' }, '--url is not the address of a webhook'],
    [{ url: 'https://api.example/v1/links' }, '--url is not the address of a webhook'],
    [{ url: 'https://api.example/webhooks/legrand/a.b', burst: '0' }, '--burst is not a number of requests'],
    [{ url: 'https://api.example/webhooks/legrand/a.b', warm: 'many' }, '--warm is not a number of requests'],
  ])('is refused for %j', async (settings, problem) => {
    await expect(measure(settings)).rejects.toThrow(problem);
  });
});
