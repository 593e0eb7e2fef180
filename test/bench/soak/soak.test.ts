/** The short form of `npm run bench -- soak`. */
import { expect, test } from 'vitest';
import { soak } from './soak.ts';

test.each(['dynamodb', 'files'] as const)(
  'a copy into %s whose sides are killed is whole in the end',
  async (into) => {
    const outcome = await soak({ rounds: 4, seed: 20_261_125, into }, () => undefined);
    expect(outcome).toMatchObject({ untold: 0, endings: [], verdict: { exitCode: 0 } });
    expect(outcome.events).toBeGreaterThan(0);
    expect(Object.values(outcome.kills).reduce((all, each) => all + each)).toBeGreaterThanOrEqual(4);
  },
  180_000,
);
