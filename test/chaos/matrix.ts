/** Everything that can happen to a rotation, against every kind of server. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type RotationMode, rotationModes } from '../shared/vault/token-family.ts';
import { tableOfTemplate } from '../shared/template-table.ts';
import { startChildren } from './children.ts';
import { recordCrashRows } from './crash-rows.ts';
import type { Ending } from './ending.ts';
import { holderRows } from './holders.ts';
import type { MutationName } from './mutations.ts';
import { type VaultKind, vaultKinds } from './orders.ts';
import { outageRows } from './outages.ts';
import { ownerRows } from './owners.ts';
import { isAllowed, type Row, type Trial } from './row.ts';
import type { Crew } from './stage.ts';

export interface Wish {
  readonly modes?: readonly RotationMode[];
  readonly vaults?: readonly VaultKind[];
  /** Fewer points: all of them at the strict server, elsewhere one a row, and no deaths of takeovers but one. */
  readonly short?: boolean;
  /** Part of the names of the rows wanted. */
  readonly rows?: string;
  readonly mutation?: MutationName;
  /** One line of what has been tried. */
  readonly progress: (line: string) => void;
}

/** The ends of all trials of a row at one kind of server. */
export interface Cell {
  readonly mode: RotationMode;
  readonly endings: readonly Ending[];
  readonly isAllowed: boolean;
}

export interface FilledRow extends Pick<Row, 'name' | 'where'> {
  readonly cells: readonly Cell[];
}

export interface VaultMatrix {
  readonly vault: VaultKind;
  readonly rows: readonly FilledRow[];
}

/** Scenes at a time: each has a process that works and servers that answer, and most of it is waiting. */
const LANES = 2;

export async function runMatrix(wish: Wish): Promise<VaultMatrix[]> {
  const folder = await mkdtemp(join(tmpdir(), 'latchkey-chaos-'));
  const { mutation } = wish;
  const children = startChildren({ spares: LANES, cacheFolder: folder, ...(mutation && { mutation }) });
  try {
    const table = tableOfTemplate();
    const lanes: Crew[] = [];
    for (let lane = 0; lane < LANES; lane++)
      lanes.push({ table, folder, children, other: await children.take() });
    const matrices: VaultMatrix[] = [];
    for (const vault of wish.vaults ?? vaultKinds)
      matrices.push({ vault, rows: await fillRows(vault, wish, lanes) });
    return matrices;
  } finally {
    await children.close();
    await rm(folder, { recursive: true });
  }
}

/** Which rows there are is found at the strict server; no server sees a call before it has to decide. */
async function fillRows(vault: VaultKind, wish: Wish, lanes: readonly Crew[]): Promise<FilledRow[]> {
  const [scout] = lanes;
  if (!scout) throw new RangeError('a matrix needs a lane');
  wish.progress(`${vault}: looking for the points`);
  const { rows: crashes, exchange } = await recordCrashRows({ mode: 'strict', vault }, scout);
  const all = [...crashes, ...outageRows(), ...holderRows(exchange), ...ownerRows()];
  const rows = all.filter(({ name }) => name.includes(wish.rows ?? ''));
  const modes = wish.modes ?? rotationModes;
  const jobs = rows.flatMap((row) =>
    modes.flatMap((mode) => trialsOf(row, mode, wish).map((trial) => ({ row, mode, trial }))),
  );
  const endings = new Map<string, Ending[]>();
  const keyOf = (row: Row, mode: RotationMode) => `${row.name} ${mode}`;
  let count = 0;
  const remaining = jobs.values();
  const work = async (crew: Crew) => {
    for (const { row, mode, trial } of remaining) {
      const ending = await trial({ mode, vault }, crew);
      const key = keyOf(row, mode);
      endings.set(key, [...(endings.get(key) ?? []), ending]);
      count += 1;
      if (!isAllowed(row, mode, ending)) wish.progress(`${vault}: NOT ALLOWED: ${row.name} at ${mode}: ${ending.outcome} (${[ending.how, ...ending.problems].join('; ')})`);
      if (count % 25 === 0 || count === jobs.length) wish.progress(`${vault}: ${count} of ${jobs.length}`);
    }
  };
  await Promise.all(lanes.map(work));
  return rows.map((row) => ({
    name: row.name,
    where: row.where,
    cells: modes.map((mode) => {
      const found = endings.get(keyOf(row, mode)) ?? [];
      return { mode, endings: found, isAllowed: found.every((ending) => isAllowed(row, mode, ending)) };
    }),
  }));
}

function trialsOf({ name, trials }: Row, mode: RotationMode, { short }: Wish): readonly Trial[] {
  const isWhole = !short || (mode === 'strict' && !name.startsWith('takeover') && !name.endsWith('before the lease'));
  return isWhole ? trials : trials.slice(-1);
}
