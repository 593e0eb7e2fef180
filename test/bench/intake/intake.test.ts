/** The short form of `npm run bench -- intake`: that all contenders do the same work, and that it is timed. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { buildContenders, type Contenders } from './contenders.ts';
import { startFunction } from './function-process.ts';
import { openPlace, type Place } from './place.ts';
import { warmTimes } from './warm.ts';

let folder: string;
let place: Place;
let contenders: Contenders;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'latchkey-bench-'));
  place = await openPlace();
  contenders = buildContenders(folder);
});
afterAll(async () => {
  await place.close();
  await rm(folder, { recursive: true });
});

describe('a contender', () => {
  test.each([
    ['latchkey', 1],
    ['obvious', 1],
    ['barePut', 1],
    ['empty', 0],
  ] as const)('%s answers its first event, having kept %d delivery', async (name, deliveries) => {
    const before = (await place.deliveries()).length;
    const started = await startFunction(contenders[name], { loop: contenders.loop, ...place });
    const event = place.newEvent();
    const { answer, atMs, handlerMs } = await started.invoke(event);
    await started.stop();
    expect(answer).toMatchObject({ statusCode: 200 });
    expect(handlerMs).toBeGreaterThan(0);
    expect(handlerMs).toBeLessThan(atMs - started.startedAtMs);
    const kept = (await place.deliveries()).slice(before);
    expect(kept).toHaveLength(deliveries);
    for (const raw of kept) expect(raw).toBe(event.body);
  });

  test('is not timed when it fails', async () => {
    const started = await startFunction(contenders.latchkey, { loop: contenders.loop, ...place });
    const event = { ...place.newEvent(), pathParameters: { provider: 'legrand', hook: 'nobody.s' } };
    await expect(started.invoke(event)).rejects.toThrow('receive-webhook answered 404');
    await started.stop();
    await expect(started.invoke(event)).rejects.toThrow('ended before it answered');
  });
});

test('warm handlers are timed in turns, as often as each other', async () => {
  const pair = [contenders.latchkey, contenders.barePut] as const;
  const times = await warmTimes(pair, { loop: contenders.loop, ...place }, 5);
  expect(times.map((each) => each.length)).toEqual([5, 5]);
});
