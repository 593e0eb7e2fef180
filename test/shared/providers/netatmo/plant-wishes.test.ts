import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ALEX, type CommandBench, MAISON, NOBODY_NAMED, withCommands } from './command-bench.ts';
import { type NetatmoBench, openNetatmo } from './netatmo-bench.ts';

const UNTIL = '2026-01-15T21:30:00.500Z';
const UNTIL_SECONDS = Date.parse('2026-01-15T21:30:00Z') / 1000;

let bench: NetatmoBench;
let commands: CommandBench;

beforeEach(async () => {
  bench = await openNetatmo();
  commands = withCommands(bench);
});
afterEach(() => bench.close());

describe('a wish for a plant as a whole', () => {
  it('goes away until a time, and comes back to the schedule', async () => {
    const away = { action: 'set_plant_mode', mode: 'away', until: UNTIL } as const;
    expect(await commands.send('home', away)).toEqual([
      {
        method: 'setthermmode',
        body: { home_id: MAISON, mode: 'away', endtime: String(UNTIL_SECONDS) },
      },
    ]);
    expect(await commands.home()).toMatchObject({
      thermMode: 'away',
      thermModeEndEpochMs: UNTIL_SECONDS * 1000,
    });
    expect(commands.expectsOf('home', away)).toEqual({ plant_mode: 'away' });
    await commands.send('home', { action: 'set_plant_mode', mode: 'schedule' });
    expect(await commands.home()).toMatchObject({ thermMode: 'schedule' });
  });

  it('guards against frost until further notice', async () => {
    const wish = { action: 'set_plant_mode', mode: 'frost_guard' } as const;
    await commands.send('home', wish);
    const { thermMode, thermModeEndEpochMs } = await commands.home();
    expect([thermMode, thermModeEndEpochMs]).toEqual(['hg', undefined]);
    expect(commands.expectsOf('home', wish)).toEqual({ plant_mode: 'frost_guard' });
  });

  it('selects a schedule', async () => {
    const wish = { action: 'select_schedule', scheduleId: '65bb000000000000000000a2' } as const;
    await commands.send('home', wish);
    const { schedules } = await commands.home();
    expect(schedules.map(({ selected }) => selected)).toEqual([false, true]);
    expect(commands.expectsOf('home', wish)).toEqual({ program: '65bb000000000000000000a2' });
  });

  const whoIsOut = async () =>
    (await commands.home()).persons.filter(({ outOfSight }) => outOfSight).map(({ personId }) => personId);

  it('empties the house, and brings everybody back', async () => {
    const leave = { action: 'set_presence', present: false } as const;
    expect(await commands.send('home', leave)).toEqual([
      { method: 'setpersonsaway', body: { home_id: MAISON } },
    ]);
    expect(await whoIsOut()).toEqual([ALEX, NOBODY_NAMED]);
    await commands.send('home', { action: 'set_presence', present: true });
    expect(await whoIsOut()).toEqual([]);
    expect(commands.expectsOf('home', leave)).toEqual({});
  });

  it('moves the people named, one call each for leaving and one for all who come', async () => {
    const persons = [commands.personId(NOBODY_NAMED), commands.personId(ALEX)];
    expect(await commands.send('home', { action: 'set_presence', present: true, persons })).toEqual([
      { method: 'setpersonshome', body: { home_id: MAISON, 'person_ids[]': `${NOBODY_NAMED} ${ALEX}` } },
    ]);
    expect(await whoIsOut()).toEqual([]);
    const calls = await commands.send('home', { action: 'set_presence', present: false, persons });
    expect(calls.map(({ body }) => body)).toEqual([
      { home_id: MAISON, person_id: NOBODY_NAMED },
      { home_id: MAISON, person_id: ALEX },
    ]);
    expect(await whoIsOut()).toEqual([ALEX, NOBODY_NAMED]);
  });

  it('moves one person by their own module', async () => {
    const leave = { action: 'set_presence', present: false } as const;
    await commands.send('person', leave);
    expect(await whoIsOut()).toEqual([ALEX, NOBODY_NAMED]);
    await commands.send('person', { action: 'set_presence', present: true });
    expect(await whoIsOut()).toEqual([NOBODY_NAMED]);
    expect(commands.expectsOf('person', leave)).toEqual({ present: false });
  });
});
