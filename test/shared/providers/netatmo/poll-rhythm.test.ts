import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Module } from '../../../../shared/domain/module.ts';
import { toUtc } from '../../../../shared/domain/time.ts';
import { limits, nextStateAt, polling } from '../../../../shared/providers/netatmo/poll-rhythm.ts';
import type { PlantModules, Report } from '../../../../shared/providers/provider.ts';
import { aModule, anAccountId, aPlant } from '../../store/samples.ts';

const NOW = Date.parse('2026-01-15T17:05:42Z');
const accountId = anAccountId();

function aPlantOf(nativeId: string, ...types: string[]): PlantModules {
  const modules = types.map((type): Module => {
    const description = { ...aModule(accountId, `${nativeId} ${type}`), native: { type } };
    return { ...description, readings: {}, reachable: null, version: 0, awaited: {} };
  });
  return { plant: aPlant(accountId, nativeId), modules };
}

function measured(moduleNativeId: string, secondsAgo: number): Report {
  const observedAt = toUtc(NOW - secondsAgo * 1000);
  return { plantNativeId: 'house', moduleNativeId, observedAt, values: {} };
}

/** Seconds until the next poll. */
function pause(plants: readonly PlantModules[], reports: readonly Report[], accounts = 1): number {
  return (Date.parse(nextStateAt({ plants, reports, accounts }, NOW)) - NOW) / 1000;
}

const house = [aPlantOf('house', 'NAMain', 'NAModule1', 'NLP')];
const station = 'house NAMain';

describe('the rhythm of polls', () => {
  it('comes right after the next upload of the station', () => {
    expect(pause(house, [measured(station, 0)])).toBe(625);
    expect(pause(house, [measured(station, 300)])).toBe(325);
    expect(pause([aPlantOf('house', 'NHC')], [measured('house NHC', 300)])).toBe(325);
  });

  it('goes by the station, not by what hangs on it or stands beside it', () => {
    const others = [measured('house NAModule1', 0), measured('house NLP', 0)];
    expect(pause(house, [measured(station, 300), ...others])).toBe(325);
  });

  it('goes by the station that has uploaded last', () => {
    const two = [...house, aPlantOf('cabin', 'NAMain')];
    expect(pause(two, [measured(station, 500), measured('cabin NAMain', 100)])).toBe(525);
  });

  it.each([
    ['that is due any moment', 610, 60],
    ['that is late', 640, 60],
    ['that is silent', 800, 600],
    ['that has been silent for a day', 86_400, 600],
    ['whose clock is ahead', -900, 625],
  ])('comes neither too soon nor too late for a station %s', (_, secondsAgo, expected) => {
    expect(pause(house, [measured(station, secondsAgo)])).toBe(expected);
  });

  it('has a fixed interval where there is no station, or it says nothing', () => {
    expect(pause([aPlantOf('house', 'NLP')], [measured('house NLP', 300)])).toBe(600);
    expect(pause(house, [])).toBe(600);
    expect(pause([], [])).toBe(600);
    const undated = { plantNativeId: 'house', moduleNativeId: station, values: {} };
    expect(pause(house, [undated])).toBe(600);
  });

  it('stretches with the number of accounts, and still comes after an upload', () => {
    const plain = [aPlantOf('house', 'NLP')];
    expect(pause(plain, [], 200)).toBe(600);
    expect(pause(plain, [], 400)).toBe(1_200);
    expect(pause(house, [measured(station, 300)], 100)).toBe(325);
    // Two calls a poll, 1,200 / 300 calls an hour: half an hour, and then the next upload.
    expect(pause(house, [measured(station, 300)], 300)).toBe(325 + 3 * 605);
  });

  it('counts what a poll really costs: lists, and the plants of which they do not tell all', () => {
    const hourOf = (...plants: PlantModules[]) => pause(plants, [], 1_000) / 3_000;
    expect(hourOf(aPlantOf('house', 'NAMain', 'NAModule1'), aPlantOf('cabin', 'NAMain'))).toBe(1);
    expect(hourOf(aPlantOf('house', 'home', 'NATherm1'))).toBe(2);
    expect(hourOf(aPlantOf('house', 'home', 'NAMain', 'NHC', 'NLP'), aPlantOf('cabin', 'NLP'))).toBe(5);
  });

  it('stretches for an account of very many plants', () => {
    const plants = Array.from({ length: 100 }, (_, index) => aPlantOf(`house ${index}`, 'NLP'));
    expect(pause(plants, [])).toBe(1_200);
  });

  it('never takes more than 60 % of the application’s hour, whatever is linked', () => {
    const account = fc.record({
      plants: fc.integer({ min: 1, max: 30 }),
      stationAgo: fc.option(fc.integer({ min: 0, max: 620 })),
    });
    fc.assert(
      fc.property(fc.array(account, { minLength: 1, maxLength: 600 }), (accounts) => {
        const callsAnHour = accounts.map(({ plants, stationAgo }) => {
          const types = stationAgo === null ? ['NLP'] : ['NAMain', 'NLP'];
          const all = Array.from({ length: plants }, (_, index) => aPlantOf(`house ${index}`, ...types));
          const reports = stationAgo === null ? [] : [measured('house 0 NAMain', stationAgo)];
          const seconds = pause(all, reports, accounts.length);
          // A poll that waits for the next upload is followed by others a whole rhythm apart.
          const steady = stationAgo === null ? seconds : Math.max(605, seconds);
          return { calls: plants + (stationAgo === null ? 0 : 1), steady };
        });
        const total = callsAnHour.reduce((sum, { calls, steady }) => sum + (calls * 3_600) / steady, 0);
        expect(total).toBeLessThanOrEqual(1_200 + 0.001);
      }),
      { numRuns: 50 },
    );
  });
});

describe('the limits', () => {
  it('let an application of few users call as often as a user may, and grow with their number', () => {
    const burstOf = (accounts: number) => limits.application?.(accounts)[0];
    expect(burstOf(1)).toMatchObject({ name: 'burst', seconds: 10, calls: 50, reserve: 10 });
    expect(burstOf(25)).toMatchObject({ calls: 50 });
    expect(burstOf(400)).toMatchObject({ calls: 800, reserve: 160 });
    expect(limits.application?.(400)[1]).toMatchObject({ name: 'hour', calls: 2_000, reserve: 400 });
  });

  it('call stale what has missed two polls', () => {
    expect(polling.staleSeconds).toBeGreaterThan(2 * 605);
  });
});
