/** The gate before a provider's token endpoint, passed by many workers on one table. */
import { beforeEach, describe, expect, test } from 'vitest';
import { createGate, type Gate, heldBackError } from '../../../shared/vault/gate.ts';
import { NOW_MS } from '../store/samples.ts';
import { times, useStore } from '../store/use-store.ts';

const { store } = useStore();
const limit = { count: 10, windowSeconds: 10 };
/** Every test has a day of its own, so that none meets another's windows. */
let day = 0;
const clock = { now: 0 };
beforeEach(async () => {
  clock.now = NOW_MS + day++ * 86_400_000;
  await store().gates.open('legrand');
});

const newWorker = (): Gate =>
  createGate({ gates: store().gates, limitOf: () => limit, now: () => clock.now });
const endOfWindow = () => (Math.floor(clock.now / 10_000) + 1) * 10_000;
const advance = (ms: number) => {
  clock.now += ms;
};
async function enteredOf(workers: readonly Gate[], wishes: number): Promise<number> {
  const outcomes = await Promise.all(
    workers.flatMap((worker) => times(wishes, () => worker.enter('legrand'))),
  );
  return outcomes.filter((outcome) => outcome === 'entered').length;
}

describe('the budget', () => {
  test('lets in as many as a window has, and no more, however many workers ask at once', async () => {
    const entered = await enteredOf(times(8, newWorker), 5);
    expect(entered).toBeLessThanOrEqual(limit.count);
    // A worker may hold what it reserved and did not need; alone, it uses all of it.
    advance(10_000);
    expect(await enteredOf([newWorker()], 30)).toBe(limit.count);
  });

  test('tells the rest when the next window begins, and lets them in then', async () => {
    const worker = newWorker();
    await enteredOf([worker], 10);
    expect(await worker.enter('legrand')).toMatchObject({ cause: 'budget', untilMs: endOfWindow() });
    advance(10_000);
    expect(await worker.enter('legrand')).toBe('entered');
  });

  test('costs a worker that needs many fewer writes than entries', async () => {
    const gates = store().gates;
    let writes = 0;
    const counting = createGate({
      gates: {
        ...gates,
        reserve: (...reservation) => {
          writes++;
          return gates.reserve(...reservation);
        },
      },
      limitOf: () => ({ count: 1_000, windowSeconds: 10 }),
      now: () => clock.now,
    });
    for (let wish = 0; wish < 200; wish++) expect(await counting.enter('legrand')).toBe('entered');
    expect(writes).toBeLessThan(15);
  });
});

describe('when the provider refuses our application', () => {
  const heldBack = { cause: 'application_refused' };

  test('nobody enters for a minute, and one who noticed is told that it is news', async () => {
    const [first, second] = [newWorker(), newWorker()];
    expect(await first.enter('legrand')).toBe('entered');
    expect(await first.refused('legrand')).toBe('news');
    expect(await second.refused('legrand')).toBe('known');
    for (const worker of [first, second, newWorker()])
      expect(await worker.enter('legrand')).toMatchObject({ ...heldBack, untilMs: clock.now + 60_000 });
  });

  test('many who notice at once count as one refusal', async () => {
    const workers = times(6, newWorker);
    const told = await Promise.all(workers.map((worker) => worker.refused('legrand')));
    expect(told.filter((each) => each === 'news')).toHaveLength(1);
    expect(await store().gates.get('legrand')).toMatchObject({ strikes: 1 });
  });

  test('a single one tries after the minute, and all go on when that is answered', async () => {
    await newWorker().refused('legrand');
    advance(60_001);
    const workers = times(5, newWorker);
    const outcomes = await Promise.all(workers.map((worker) => worker.enter('legrand')));
    expect(outcomes.filter((outcome) => outcome === 'entered')).toHaveLength(1);
    const prober = workers[outcomes.indexOf('entered')];
    await prober?.recognized('legrand');
    advance(5_001);
    expect(await enteredOf(workers, 1)).toBe(5);
    expect(await store().gates.get('legrand')).toMatchObject({ strikes: 0 });
  });

  test('the pauses grow to a quarter of an hour while it goes on, since the first', async () => {
    const since = new Date(clock.now).toISOString();
    await newWorker().refused('legrand');
    const pauses: number[] = [];
    for (let probe = 0; probe < 6; probe++) {
      advance(900_001);
      const prober = newWorker();
      expect(await prober.enter('legrand')).toBe('entered');
      await prober.refused('legrand');
      const gate = await store().gates.get('legrand');
      expect(gate).toMatchObject({ since });
      pauses.push((Date.parse(gate?.closedUntil ?? '') - clock.now) / 60_000);
    }
    expect(pauses).toEqual([2, 4, 8, 15, 15, 15]);
  });

  test('a prober that dies keeps others away for a minute only', async () => {
    await newWorker().refused('legrand');
    advance(60_001);
    expect(await newWorker().enter('legrand')).toBe('entered');
    expect(await newWorker().enter('legrand')).toMatchObject(heldBack);
    advance(60_001);
    expect(await newWorker().enter('legrand')).toBe('entered');
  });

  test('a person may try at any time, which opens it for all when it works', async () => {
    await newWorker().refused('legrand');
    const insistent = newWorker();
    insistent.force('legrand');
    await insistent.recognized('legrand');
    expect(await newWorker().enter('legrand')).toBe('entered');
  });
});

describe('when the provider asks for a pause', () => {
  test.each([
    [120, 120],
    [undefined, 60],
    [86_400, 900],
  ])('of %s s, nobody enters for %d s', async (asked, seconds) => {
    await newWorker().throttled('legrand', asked);
    expect(await newWorker().enter('legrand')).toMatchObject({
      cause: 'provider_throttled',
      untilMs: clock.now + seconds * 1000,
    });
    advance(seconds * 1000 + 1);
    expect(await newWorker().enter('legrand')).toBe('entered');
  });

  test('a gate that is closed for a worse reason stays as it is', async () => {
    await newWorker().refused('legrand');
    await newWorker().throttled('legrand', 600);
    expect(await newWorker().enter('legrand')).toMatchObject({ untilMs: clock.now + 60_000 });
  });
});

test('tells callers how long to wait, and who has to act where it is the operator', () => {
  const untilMs = clock.now + 1_500;
  const refused = heldBackError({ cause: 'application_refused', untilMs }, clock.now);
  expect(refused).toMatchObject({ code: 'provider_unavailable', details: { retryAfterSeconds: 2 } });
  expect(refused.message).toContain('operator');
  expect(heldBackError({ cause: 'budget', untilMs }, clock.now)).toMatchObject({
    code: 'provider_throttled',
  });
});
