import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { TimeSpan } from '../../../shared/domain/history.ts';
import { toUtc } from '../../../shared/domain/time.ts';
import {
  dayAt,
  hourAt,
  offsetAt,
  readClock,
  statedOffset,
  toWallClock,
} from '../../../shared/domain/wall-clock.ts';

const PARIS = 'Europe/Paris';
const LORD_HOWE = 'Australia/Lord_Howe';
const ZONES = [
  PARIS,
  LORD_HOWE,
  'America/Havana',
  'America/St_Johns',
  'Asia/Kolkata',
  'Asia/Beirut',
  '-03:30',
  'UTC',
];

describe('wall clock', () => {
  it.each([
    ['winter in Paris', '2026-01-15T21:30:00.000Z', PARIS, '2026-01-15T22:30:00'],
    ['summer in Paris', '2026-07-15T21:30:00.000Z', PARIS, '2026-07-15T23:30:00'],
    ['a fixed offset, whatever the season', '2026-07-15T21:30:00.000Z', '+01:00', '2026-07-15T22:30:00'],
    ['half hours', '2026-01-15T21:30:00.000Z', 'Asia/Kolkata', '2026-01-16T03:00:00'],
    ['the next year', '2025-12-31T23:30:00.000Z', PARIS, '2026-01-01T00:30:00'],
  ])('goes there and back: %s', (_, utc, zone, wall) => {
    expect(toWallClock(Date.parse(utc), zone)).toBe(wall);
    expect(readClock(wall, zone)).toBe(utc);
  });

  it('reads a time in the gap of spring as the later clock shows it', () => {
    expect(readClock('2026-03-29T02:30:00', PARIS)).toBe('2026-03-29T01:30:00.000Z');
    expect(toWallClock(Date.parse('2026-03-29T01:30:00Z'), PARIS)).toBe('2026-03-29T03:30:00');
  });

  it('reads a time that comes twice in autumn as the first', () => {
    expect(readClock('2026-10-25T02:30:00', PARIS)).toBe('2026-10-25T00:30:00.000Z');
    expect(toWallClock(Date.parse('2026-10-25T00:30:00Z'), PARIS)).toBe('2026-10-25T02:30:00');
    expect(toWallClock(Date.parse('2026-10-25T01:30:00Z'), PARIS)).toBe('2026-10-25T02:30:00');
  });

  it.each([
    ['2026-01-15T18:04:11+01:00', '2026-01-15T17:04:11.000Z'],
    ['2026-01-15T18:04:11.250+0100', '2026-01-15T17:04:11.250Z'],
    ['2026-01-15T17:04:11Z', '2026-01-15T17:04:11.000Z'],
    ['2026-01-15T17:04:11z', '2026-01-15T17:04:11.000Z'],
    ['2026-1-5T17:04Z', '2026-01-05T17:04:00.000Z'],
    [' 2026-01-15T12:04:11-05:00 ', '2026-01-15T17:04:11.000Z'],
  ])('lets the offset in %s count, not the zone', (text, utc) => {
    expect(readClock(text, 'Asia/Tokyo')).toBe(utc);
  });

  it.each(['', 'soon', '2026-01-15', '2026-02-30T10:00:00', '2026-01-15T25:00:00', '99999-01-01T00:00:00Z'])(
    'knows no time in «%s»',
    (text) => {
      expect(readClock(text, PARIS)).toBeUndefined();
    },
  );

  it.each(['0000-01-01T00:00:00+14:00', '9999-12-31T23:59:59-12:00'])(
    'knows no time in %s, which is in a year that no UTC text of ours can hold',
    (text) => {
      expect(readClock(text, PARIS)).toBeUndefined();
    },
  );

  it('knows no instant where neither the text nor the caller names a zone', () => {
    expect(readClock('2026-01-15T18:04:11')).toBeUndefined();
  });

  it('tells the offset a text states', () => {
    expect(statedOffset('2026-01-15T18:04:11+01:00')).toBe('+01:00');
    expect(statedOffset('2026-01-15T18:04:11-0530')).toBe('-05:30');
    expect(statedOffset('2026-01-15T18:04:11+00:00')).toBe('+00:00');
    expect(statedOffset('2026-01-15T18:04:11Z')).toBeUndefined();
    expect(statedOffset('2026-01-15T18:04:11')).toBeUndefined();
    expect(statedOffset('never')).toBeUndefined();
  });

  it('tells the offset of a zone at an instant', () => {
    expect(offsetAt(Date.parse('2026-01-15T00:00:00Z'), PARIS)).toBe('+01:00');
    expect(offsetAt(Date.parse('2026-07-15T00:00:00Z'), PARIS)).toBe('+02:00');
    expect(offsetAt(0, '-03:30')).toBe('-03:30');
  });
});

describe('hours and days of a clock', () => {
  const spanOf = (at: (epochMs: number, zone: string) => TimeSpan, utc: string, zone: string) => {
    const { fromEpochMs, toEpochMs } = at(Date.parse(utc), zone);
    return [toUtc(fromEpochMs), toUtc(toEpochMs + 1)];
  };

  it.each([
    [
      'whole hours',
      '2026-01-15T21:59:59.999Z',
      PARIS,
      '2026-01-15T21:00:00.000Z',
      '2026-01-15T22:00:00.000Z',
    ],
    [
      'half hours',
      '2026-01-15T21:29:00Z',
      'Asia/Kolkata',
      '2026-01-15T20:30:00.000Z',
      '2026-01-15T21:30:00.000Z',
    ],
    ['a quarter', '2026-01-15T21:15:00Z', '+05:45', '2026-01-15T21:15:00.000Z', '2026-01-15T22:15:00.000Z'],
    [
      '03:30 in spring',
      '2026-03-29T01:30:00Z',
      PARIS,
      '2026-03-29T01:00:00.000Z',
      '2026-03-29T02:00:00.000Z',
    ],
    [
      'the first 02:30 in autumn',
      '2026-10-25T00:30:00Z',
      PARIS,
      '2026-10-25T00:00:00.000Z',
      '2026-10-25T01:00:00.000Z',
    ],
    ['the second', '2026-10-25T01:30:00Z', PARIS, '2026-10-25T01:00:00.000Z', '2026-10-25T02:00:00.000Z'],
    // Lord Howe's clocks go back by half an hour, from 02:00 to 01:30, at 15:00 UTC.
    [
      'before half an hour comes again',
      '2026-04-04T14:40:00Z',
      LORD_HOWE,
      '2026-04-04T14:00:00.000Z',
      '2026-04-04T15:00:00.000Z',
    ],
    [
      'half an hour that comes again',
      '2026-04-04T15:00:00Z',
      LORD_HOWE,
      '2026-04-04T15:00:00.000Z',
      '2026-04-04T15:30:00.000Z',
    ],
  ])('has an hour: %s', (_, utc, zone, from, to) => {
    expect(spanOf(hourAt, utc, zone)).toEqual([from, to]);
  });

  it.each([
    ['24 hours', '2026-01-15T22:59:00Z', PARIS, '2026-01-14T23:00:00.000Z', '2026-01-15T23:00:00.000Z'],
    ['23 in spring', '2026-03-29T12:00:00Z', PARIS, '2026-03-28T23:00:00.000Z', '2026-03-29T22:00:00.000Z'],
    ['25 in autumn', '2026-10-25T12:00:00Z', PARIS, '2026-10-24T22:00:00.000Z', '2026-10-25T23:00:00.000Z'],
    [
      'half hours',
      '2026-01-15T18:30:00Z',
      'Asia/Kolkata',
      '2026-01-15T18:30:00.000Z',
      '2026-01-16T18:30:00.000Z',
    ],
    // In Havana 00:00 is skipped, and the day begins at 01:00.
    [
      'no midnight',
      '2026-03-08T12:00:00Z',
      'America/Havana',
      '2026-03-08T05:00:00.000Z',
      '2026-03-09T04:00:00.000Z',
    ],
  ])('has a day: %s', (_, utc, zone, from, to) => {
    expect(spanOf(dayAt, utc, zone)).toEqual([from, to]);
  });

  it.each([
    ['hours', hourAt],
    ['days', dayAt],
  ])('puts every instant of every zone into one of the %s, which lie side by side', (_, at) => {
    const instant = fc.integer({ min: Date.parse('2015-01-01'), max: Date.parse('2035-01-01') });
    fc.assert(
      fc.property(instant, fc.constantFrom(...ZONES), (epochMs, zone) => {
        const { fromEpochMs, toEpochMs } = at(epochMs, zone);
        expect(fromEpochMs).toBeLessThanOrEqual(epochMs);
        expect(toEpochMs).toBeGreaterThanOrEqual(epochMs);
        expect(at(fromEpochMs, zone)).toEqual({ fromEpochMs, toEpochMs });
        expect(at(toEpochMs, zone)).toEqual({ fromEpochMs, toEpochMs });
        expect(at(toEpochMs + 1, zone).fromEpochMs).toBe(toEpochMs + 1);
      }),
    );
  });
});
