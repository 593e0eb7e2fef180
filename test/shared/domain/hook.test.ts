import { describe, expect, test } from 'vitest';
import {
  type AccountHook,
  BY_HAND_OVERLAP_MS,
  isOutdated,
  learnedBy,
  newHook,
  nextHook,
} from '../../../shared/domain/hook.ts';
import { toUtc } from '../../../shared/domain/time.ts';

const NOW = Date.parse('2026-01-15T17:00:00.900Z');
const EPOCH = Math.floor(NOW / 1000);
const HOUR = 3_600_000;

const cameTo = (hookEpoch: number, receivedAtMs = NOW) => ({ hookEpoch, receivedAt: toUtc(receivedAtMs) });

describe('a hook', () => {
  test('is as old as its account, in seconds', () => {
    expect(newHook(NOW)).toEqual({ epoch: EPOCH });
  });

  test('that is rolled is a later one, with the former beside it until the provider knows it', () => {
    expect(nextHook({ epoch: 7 }, NOW, true)).toEqual({ epoch: EPOCH, former: { epoch: 7 } });
    expect(nextHook(undefined, NOW, true)).toEqual({ epoch: EPOCH, former: { epoch: 0 } });
  });

  test('that is rolled twice in a second is another one all the same', () => {
    const once = nextHook({ epoch: 7 }, NOW, true);
    expect(nextHook(once, NOW, true)).toEqual({ epoch: EPOCH + 1, former: { epoch: 7 } });
  });

  test('that is rolled without an overlap stands alone', () => {
    expect(nextHook({ epoch: 7, former: { epoch: 3 } }, NOW, false)).toEqual({ epoch: EPOCH });
  });

  test('keeps the oldest address while a provider may still call it, and no longer', () => {
    const known: AccountHook = { epoch: 7, former: { epoch: 3, until: toUtc(NOW + 1) } };
    expect(nextHook(known, NOW, true).former).toEqual({ epoch: 3 });
    expect(nextHook(known, NOW + 1, true).former).toEqual({ epoch: 7 });
  });

  test('that the provider knows ends the former one an hour later, counted once', () => {
    const rolled = nextHook({ epoch: 7 }, NOW, true);
    const learned = learnedBy(rolled, NOW);
    expect(learned.former).toEqual({ epoch: 7, until: toUtc(NOW + HOUR) });
    expect(learnedBy(learned, NOW + HOUR)).toEqual(learned);
    expect(learnedBy({ epoch: 7 }, NOW)).toEqual({ epoch: 7 });
  });

  test('that the owner has to tell the provider leaves the former one a week', () => {
    const rolled = learnedBy(nextHook({ epoch: 7 }, NOW, true), NOW, BY_HAND_OVERLAP_MS);
    expect(rolled.former).toEqual({ epoch: 7, until: toUtc(NOW + 7 * 24 * HOUR) });
  });
});

describe('a delivery', () => {
  const open: AccountHook = { epoch: 100, former: { epoch: 50 } };
  const ending: AccountHook = { epoch: 100, former: { epoch: 50, until: toUtc(NOW) } };
  test.each<[string, AccountHook | undefined, { hookEpoch?: number; receivedAt: string }, boolean]>([
    ['to the present address', ending, cameTo(100, NOW + HOUR), false],
    ['to the former one before the provider knows', open, cameTo(50, NOW + HOUR), false],
    ['to the former one in its last moment', ending, cameTo(50), false],
    ['to the former one a moment later', ending, cameTo(50, NOW + 1), true],
    ['to one between them, rolled away before it was learned', open, cameTo(70), false],
    ['to one before the former', open, cameTo(49), true],
    ['to the one that was rolled without an overlap', { epoch: 100 }, cameTo(99), true],
    ['to a later one than the account knows, whose table was restored', open, cameTo(101), false],
    ['to an account that was never given a hook of its own', undefined, cameTo(1), false],
    ['of a time without epochs', open, { receivedAt: toUtc(NOW) }, false],
  ])('%s is judged', (_, hook, delivery, outdated) => {
    expect(isOutdated(hook, delivery)).toBe(outdated);
  });
});
