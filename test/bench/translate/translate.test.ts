/** The short form of `npm run bench -- translate`: that what is timed does the whole work. */
import { expect, test } from 'vitest';
import { recordHome } from './recorded.ts';

test.each([10, 60])(
  'a home of %i modules is discovered and read from what was recorded of it',
  async (modules) => {
    const home = await recordHome(modules);
    expect(await home.discover()).toBe(modules);
    expect(await home.poll()).toBe(modules);
    expect(home.plants.map((plant) => plant.modules.length)).toEqual([modules]);
    // All homes, the one home, and the two kinds of station; then the home alone.
    expect([home.bodies.discover.length, home.bodies.poll.length]).toEqual([4, 1]);
  },
);
