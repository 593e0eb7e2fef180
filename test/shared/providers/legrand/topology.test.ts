import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type LegrandBench, NOW, openLegrand } from './legrand-bench.ts';

describe("Legrand's topology", () => {
  let bench: LegrandBench;

  beforeAll(async () => {
    bench = await openLegrand();
  });
  afterEach(() => bench.restore());
  afterAll(() => bench.close());

  const discover = (timeZone?: string) =>
    bench.provider.plants(bench.session, { ...bench.account, timeZone }, NOW);

  it('finds the thermostats with their programs, the placeholder among them by a name', async () => {
    const [plant] = await discover();
    expect(plant).toMatchObject({ name: 'Home', ambients: [], timeZone: 'Europe/Paris' });
    expect(plant?.modules.map(({ name, device }) => [name, device])).toEqual([
      ['Living room', 'thermostat'],
      ['Bedroom', 'thermostat'],
    ]);
    expect(plant?.modules[0]?.actions).toEqual(['set_setpoint', 'set_mode']);
    expect(plant?.modules[0]?.programs.slice(0, 2)).toEqual([
      { programId: '0', name: 'Default' },
      { programId: '1', name: 'At home' },
    ]);
  });

  it.each([
    ["the zone of the account where the thermostat's clock agrees", 'Africa/Lagos', 'Africa/Lagos'],
    ["the thermostat's own offset where it does not", 'America/New_York', '+01:00'],
    ['the default where the account names none', undefined, 'Europe/Paris'],
  ])('believes %s', async (_, accountZone, timeZone) => {
    expect((await discover(accountZone))[0]?.timeZone).toBe(timeZone);
  });

  it.each(['gateway_offline', 'empty_chronothermostats', 'request_timeout', 'server_error'] as const)(
    'believes the zone of the account where the clock cannot be asked: %s',
    async (name) => {
      bench.cloud.faults.set({ name, on: 'status' });
      expect((await discover('America/New_York'))[0]?.timeZone).toBe('America/New_York');
    },
  );

  it.each([true, false])('finds a plant without modules (missing: %s)', async (missing) => {
    bench.cloud.faults.set({ name: 'plant_without_modules', parameters: { missing } });
    expect(await discover()).toMatchObject([{ name: 'Home', modules: [], timeZone: 'Europe/Paris' }]);
  });

  it('finds no plant behind a 204', async () => {
    bench.cloud.faults.set({ name: 'no_plants' });
    expect(await discover()).toEqual([]);
  });

  it('finds a thermostat that is offline, and cannot name its programs', async () => {
    bench.cloud.faults.set({ name: 'gateway_offline', on: ['programs', 'status'] });
    const [plant] = await discover();
    expect(plant?.modules).toMatchObject([{ programs: [] }, { programs: [] }]);
  });

  it('fails rather than forget the programs while the cloud is out of order', async () => {
    bench.cloud.faults.set({ name: 'server_error', on: 'programs' });
    await expect(discover()).rejects.toMatchObject({ code: 'provider_unavailable' });
  });

  it('asks one thing after the other', async () => {
    const sent = bench.session.sent();
    await discover();
    // Plants, topology, two lists of programs, one clock.
    expect(bench.session.sent() - sent).toBe(5);
  });
});

describe("Legrand's topology of other people", () => {
  it('finds two plants, one without a name, and none', async () => {
    const paul = await openLegrand('paul');
    const nina = await openLegrand('nina');
    try {
      const plants = await paul.provider.plants(paul.session, paul.account, NOW);
      expect(plants.map(({ name, modules }) => [name, modules.length])).toEqual([
        ['Casa Rossi', 1],
        ['Home', 1],
      ]);
      expect(await nina.provider.plants(nina.session, nina.account, NOW)).toEqual([]);
    } finally {
      await paul.close();
      await nina.close();
    }
  });
});
