/** What a rotation costs in calls, CPU time and milliseconds, how many a process makes, and what finding them costs. */
import type { Bench } from '../wish.ts';
import { type DueWish, measureDue } from './due.ts';
import { dueFigures } from './due-figures.ts';
import { callFigures, paceFigures } from './rotation-figures.ts';
import { measureRotations } from './rotations.ts';
import { type VaultMode, vaultModes } from './vault-modes.ts';

const rotations = { warmUp: 1_000, accounts: 4_000, answersAfterMs: 100 };
const finding: DueWish = { small: 1_000, large: 100_000, due: 100, limit: 500, warmUps: 20 };

export const bench: Bench = async (progress) => {
  const figures = [];
  for (const vault of Object.keys(vaultModes) as VaultMode[]) {
    const measured = await measureRotations({ ...rotations, vault }, progress);
    figures.push(...callFigures(vault, measured), ...paceFigures(vault, measured));
  }
  return [...figures, ...dueFigures(finding, await measureDue(finding, progress))];
};
