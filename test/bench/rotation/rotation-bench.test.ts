/** The short form of the bench: what can be counted exactly, and nothing that is timed. */
import { expect, test, vi } from 'vitest';
import { isReached } from '../figures.ts';
import { measureDue } from './due.ts';
import { callFigures } from './rotation-figures.ts';
import { measureRotations } from './rotations.ts';
import { type VaultMode, vaultModes } from './vault-modes.ts';

/** Nothing waits for a clock; many processes begin, which takes long on a busy machine. */
const TIMEOUT_MS = 180_000;
const silent = () => {};

vi.setConfig({ testTimeout: TIMEOUT_MS });

test.each(Object.keys(vaultModes) as VaultMode[])(
  'makes no more calls than it may with %s',
  async (vault) => {
    const wish = { vault, warmUp: 2, accounts: 12, answersAfterMs: 0 };
    const measured = await measureRotations(wish, silent);
    expect(measured.rotations).toBe(12);
    expect(callFigures(vault, measured).filter((figure) => !isReached(figure))).toEqual([]);
  },
);

test('finds what is due with the same read units, however many accounts there are and however many are due', async () => {
  const wish = { small: 600, large: 2_000, due: 100, limit: 150, warmUps: 0 };
  const { inSmall, inLarge } = await measureDue(wish, silent);
  expect(inSmall).toMatchObject({ few: { found: 100 }, backlog: { found: 150 } });
  expect(inLarge).toMatchObject({ few: { found: 100 }, backlog: { found: 150 } });
  expect(inSmall.few.readUnits).toBeGreaterThan(0);
  expect(inLarge.few.readUnits).toBe(inSmall.few.readUnits);
  expect(inLarge.backlog.readUnits).toBe(inSmall.backlog.readUnits);
});
