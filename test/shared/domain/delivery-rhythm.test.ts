import { describe, expect, test } from 'vitest';
import { learnSilence, type Rhythm, strangeFrom } from '../../../shared/domain/delivery-rhythm.ts';
import { toUtc } from '../../../shared/domain/time.ts';
import { T0 } from './samples.ts';

const HOUR = 3_600;
const DAY = 24 * HOUR;
const after = (seconds: number) => toUtc(Date.parse(T0) + seconds * 1000);

/** Lives through deliveries at these times, as the projection does. */
function live(times: readonly number[], rhythm: Rhythm = {}): Rhythm {
  let known = rhythm;
  for (const seconds of times) {
    const at = after(seconds);
    known = {
      ...known,
      deliveries: (known.deliveries ?? 0) + 1,
      firstDeliveryAt: known.firstDeliveryAt ?? at,
      previousDeliveryAt: known.lastDeliveryAt ?? at,
      lastDeliveryAt: at,
    };
    const silence = learnSilence(known);
    if (silence) known = { ...known, longestSilence: silence };
  }
  return known;
}

/** A home for some days: something every half hour from 6 to 22 o'clock, and nothing at night. */
const days = (count: number, first = 0) =>
  Array.from({ length: count }, (_, day) =>
    Array.from({ length: 33 }, (_, half) => (first + day) * DAY + 6 * HOUR + half * 1_800),
  ).flat();

const hoursUntilStrange = (rhythm: Rhythm) => {
  const strange = strangeFrom(rhythm) ?? '';
  return (Date.parse(strange) - Date.parse(rhythm.lastDeliveryAt ?? '')) / 3_600_000;
};

describe('the silence of an account', () => {
  test('is never strange before the account is known', () => {
    expect(strangeFrom({})).toBeUndefined();
    expect(strangeFrom(live(days(2)))).toBeUndefined();
    expect(strangeFrom(live([0, 4 * DAY]))).toBeUndefined();
    expect(strangeFrom(live(days(5)))).toBeDefined();
  });

  test('is strange at twice the longest of late, which the night is', () => {
    expect(hoursUntilStrange(live(days(5)))).toBeGreaterThan(14);
    expect(hoursUntilStrange(live(days(5)))).toBeLessThanOrEqual(16);
  });

  test('is not thought shorter because of a burst', () => {
    const known = live(days(5));
    const end = 4 * DAY + 22 * HOUR;
    const burst = live(
      Array.from({ length: 100 }, (_, at) => end + at / 10),
      known,
    );
    expect(hoursUntilStrange(burst)).toBeCloseTo(hoursUntilStrange(known), 1);
  });

  test('of one that never rests is strange after two hours, not after seconds', () => {
    const always = Array.from({ length: 5 * 24 * 60 }, (_, minute) => minute * 60);
    expect(hoursUntilStrange(live(always))).toBe(2);
  });

  test('says nothing of one that is silent for long now and then', () => {
    const weekends = [...days(5), ...days(1, 7)];
    expect(strangeFrom(live(weekends, {}))).toBeUndefined();
  });

  test('that was strange is learned as far as it was expected, so that the next alarms later', () => {
    const known = live(days(5));
    const expected = hoursUntilStrange(known);
    const holiday = live([10 * DAY], known);
    expect(holiday.longestSilence?.seconds).toBe(Math.round(expected * HOUR));
  });

  test('that was long is forgotten by halves, in a week each', () => {
    const once = { ...live(days(5)), longestSilence: { seconds: 11 * HOUR, endedAt: after(5 * DAY) } };
    const week = live(days(8, 5), once);
    expect(hoursUntilStrange(week)).toBeLessThan(22);
    expect(hoursUntilStrange(live(days(30, 5), once))).toBeLessThan(17);
  });
});
