import { describe, expect, it } from 'vitest';
import {
  type IndoorAir,
  outdoorC,
  stepAir,
} from '../../../../../infra/local/providers/simulation/indoor-air.ts';

const air: IndoorAir = { temperatureC: 19, humidityPercent: 50, relayOn: false };

describe('indoor air', () => {
  it('cools a house towards the outside, and keeps it above by what lives in it', () => {
    const idle = { function: 'HEATING', setPointC: undefined } as const;
    expect(stepAir(air, idle, 5, 3600).temperatureC).toBeCloseTo(18.64, 2);
    expect(stepAir(air, idle, 5, 30 * 86_400).temperatureC).toBeCloseTo(8, 3);
  });

  it('does not care how the time is cut', () => {
    const demand = { function: 'HEATING', setPointC: 30 } as const;
    let cut = air;
    for (let minute = 0; minute < 60; minute += 1) cut = stepAir(cut, demand, 5, 60);
    expect(cut.temperatureC).toBeCloseTo(stepAir(air, demand, 5, 3600).temperatureC, 6);
  });

  it.each([
    ['HEATING', 19.3, false, true],
    ['HEATING', 19.2, false, false],
    ['HEATING', 19.2, true, true],
    ['HEATING', 18.7, true, false],
    ['COOLING', 18.7, false, true],
    ['COOLING', 19.1, true, true],
    ['COOLING', 19.3, true, false],
  ] as const)(
    'in %s with set point %d and relay %s puts the relay to %s',
    (purpose, setPoint, before, after) => {
      const next = stepAir({ ...air, relayOn: before }, { function: purpose, setPointC: setPoint }, 10, 0);
      expect(next).toEqual({ ...air, relayOn: after });
    },
  );

  it('is dampest where it is coldest', () => {
    const humidityAt = (demand: number) =>
      stepAir(air, { function: 'HEATING', setPointC: demand }, 0, 86_400).humidityPercent;
    expect(humidityAt(30)).toBeLessThan(humidityAt(5));
  });

  it('has winters, and warm afternoons', () => {
    expect(outdoorC(20, 3)).toBeLessThan(outdoorC(20, 15));
    expect(outdoorC(20, 15)).toBeLessThan(outdoorC(200, 3));
    expect(outdoorC(20, 3)).toBeCloseTo(-2, 1);
  });
});
