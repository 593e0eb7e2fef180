/** Everything that can happen to a rotation, against every kind of server. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { VaultKind } from '../../shared/domain/vault-kind.ts';
import { declaredTable } from '../shared/declared-table.ts';
import { type RotationMode, rotationModes } from '../shared/vault/token-family.ts';
import { bundleChild } from './child-bundle.ts';
import { startChildren } from './children.ts';
import { BEFORE_LEASE, recordCrashRows, TAKEOVER } from './crash-rows.ts';
import type { Ending } from './ending.ts';
import { holderRows } from './holders.ts';
import type { MutationName } from './mutations.ts';
import { outageRows } from './outages.ts';
import { ownerRows } from './owners.ts';
import { isAllowed, type Row, type Trial } from './row.ts';
import type { Setting } from './scene.ts';
import type { Crew } from './stage.ts';

export interface Wish {
  readonly modes?: readonly RotationMode[];
  readonly vaults?: readonly VaultKind[];
  /** Fewer places: see {@link shortTrials}. */
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
const LANES = 4;

export async function runMatrix(wish: Wish): Promise<VaultMatrix[]> {
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-chaos-'));
  const forget = () => rmSync(folder, { recursive: true, force: true });
  process.once('exit', forget);
  const program = await bundleChild(folder, wish.mutation);
  const children = startChildren({ program, cacheFolder: folder, spares: LANES });
  try {
    const table = declaredTable();
    const lanes: Crew[] = [];
    for (let lane = 0; lane < LANES; lane++)
      lanes.push({ table, folder, children, first: await children.take(), other: await children.take() });
    const matrices: VaultMatrix[] = [];
    for (const vault of wish.vaults ?? VaultKind.options)
      matrices.push({ vault, rows: await fillRows(vault, wish, lanes) });
    return matrices;
  } finally {
    await children.close();
    process.off('exit', forget);
    forget();
  }
}

/** Which rows there are is found at the strict server: how a server treats spent tokens shows when one has died. */
async function fillRows(vault: VaultKind, wish: Wish, lanes: readonly Crew[]): Promise<FilledRow[]> {
  const [scout] = lanes;
  if (!scout) throw new RangeError('a matrix needs a lane');
  wish.progress(`${vault}: looking for the points`);
  const { rows: crashes, exchange } = await recordCrashRows({ mode: 'strict', vault }, scout);
  const rows = [...crashes, ...outageRows(), ...holderRows(exchange), ...ownerRows()]
    .filter(({ name }) => name.includes(wish.rows ?? ''))
    .map((row) => ({
      row,
      cells: (wish.modes ?? rotationModes).map((mode) => emptyCell(row, { mode, vault }, wish)),
    }));
  const jobs = rows.flatMap(({ row, cells }) =>
    cells.flatMap(({ mode, trials, endings }) =>
      trials.map((trial, index) => async (crew: Crew) => {
        const ending = await trial({ mode, vault }, crew).catch((cause) => {
          throw new Error(`${vault}, ${mode}: ${row.name}`, { cause });
        });
        endings[index] = ending;
      }),
    ),
  );
  let count = 0;
  const remaining = jobs.values();
  const work = async (crew: Crew) => {
    for (const job of remaining) {
      await job(crew);
      count += 1;
      if (count % 20 === 0 || count === jobs.length) wish.progress(`${vault}: ${count} of ${jobs.length}`);
    }
  };
  await Promise.all(lanes.map(work));
  return rows.map(({ row, cells }) => ({
    name: row.name,
    where: row.where,
    cells: cells.map(({ mode, endings }) => ({
      mode,
      endings,
      isAllowed: endings.every((ending) => isAllowed(row, mode, ending)),
    })),
  }));
}

function emptyCell(row: Row, setting: Setting, wish: Wish) {
  const endings: Ending[] = [];
  const trials = wish.short ? shortTrials(row, setting) : row.trials;
  return { mode: setting.mode, trials, endings };
}

/**
 * Every place at the strict server, but one of what is far from the exchange and of takeovers. One place a row at the
 * server that ends a family for a token spent twice, in the vault with more places; and elsewhere, where being forgiven
 * makes a difference.
 */
function shortTrials({ name, trials, mayLose }: Row, { mode, vault }: Setting): readonly Trial[] {
  const isTakeover = name.startsWith(TAKEOVER);
  if (mode === 'strict') return isTakeover || name === BEFORE_LEASE ? trials.slice(-1) : trials;
  const isHarsh = mode === 'reuse' && vault === 'secrets';
  const isTold = !isTakeover && (isHarsh || mayLose.length > 0);
  return isTold ? trials.slice(-1) : [];
}
