/** A row of the table: something that happens to a rotation, at one place or at several that come to the same. */
import type { RotationMode } from '../shared/vault/token-family.ts';
import type { Ending } from './ending.ts';
import type { Setting } from './scene.ts';
import type { Crew } from './stage.ts';

export type Trial = (setting: Setting, crew: Crew) => Promise<Ending>;

export interface Row {
  readonly name: string;
  /** Which calls it is about, in words. */
  readonly where: string;
  /** Servers at which no client could prevent a loss. */
  readonly mayLose: readonly RotationMode[];
  readonly trials: readonly Trial[];
}

/** A token that was spent is worth nothing there: an answer that is nowhere but with who dies is lost with it. */
export const unforgiving: readonly RotationMode[] = ['strict', 'reuse'];

export function isAllowed(row: Pick<Row, 'mayLose'>, mode: RotationMode, ending: Ending): boolean {
  if (ending.problems.length > 0) return false;
  return ending.outcome !== 'lost' || row.mayLose.includes(mode);
}
