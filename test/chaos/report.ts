/** The matrix as people read it, and as programs do. Pure. */
import type { VaultKind } from '../../shared/domain/vault-kind.ts';
import { type RotationMode, rotationModes } from '../shared/vault/token-family.ts';
import type { Ending } from './ending.ts';
import type { Cell, FilledRow, VaultMatrix } from './matrix.ts';

const vaultTitles: Record<VaultKind, string> = {
  secrets: 'The vault `secrets`',
  sealed: 'The vault `sealed`',
};

/** No number in it changes from run to run, so that two runs can be compared as texts. */
export function formatMatrices(matrices: readonly VaultMatrix[]): string {
  return matrices.map(formatMatrix).join('\n');
}

function formatMatrix({ vault, rows }: VaultMatrix): string {
  const deaths = rows.filter(({ where }) => where !== '');
  const others = rows.filter(({ where }) => where === '');
  return [
    `### ${vaultTitles[vault]}\n`,
    ...(deaths.length > 0 ? [formatTable(['the process …', 'found at'], deaths)] : []),
    ...(others.length > 0 ? [formatTable(['what happens'], others)] : []),
  ].join('\n');
}

function formatTable(heads: readonly string[], rows: readonly FilledRow[]): string {
  const modes = rotationModes.filter((mode) =>
    rows.some(({ cells }) => cells.some((cell) => cell.mode === mode)),
  );
  const lines = rows.map(({ name, where, cells }) => [
    name,
    ...(heads.length > 1 ? [where] : []),
    ...modes.map((mode) => cellText(cells, mode)),
  ]);
  const table = [[...heads, ...modes], [...heads, ...modes].map(() => '---'), ...lines];
  return `${table.map((line) => `| ${line.join(' | ')} |`).join('\n')}\n`;
}

function cellText(cells: readonly Cell[], mode: RotationMode): string {
  const texts = endingTexts(cells.find((cell) => cell.mode === mode)?.endings ?? []);
  return texts.map((text) => text.replace(/^lost/, '**lost**')).join(' or ');
}

/** Each once, in the order of the places. */
export function endingTexts(endings: readonly Ending[]): string[] {
  return [...new Set(endings.map(endingText))];
}

function endingText({ outcome, how, problems }: Ending): string {
  const told = [how, ...problems].join('; ');
  return `${outcome} (${told})`;
}

export interface Report {
  /** Whether accounts are lost only where no client could prevent it, and nothing else went wrong. */
  readonly allowed: boolean;
  readonly vaults: readonly {
    readonly vault: VaultKind;
    readonly rows: readonly {
      readonly name: string;
      readonly foundAt?: string;
      readonly servers: Partial<Record<RotationMode, CellReport>>;
    }[];
  }[];
}

interface CellReport {
  readonly allowed: boolean;
  /** How many places were tried. */
  readonly trials: number;
  readonly lost: number;
  readonly endings: readonly string[];
}

export function reportOf(matrices: readonly VaultMatrix[]): Report {
  return {
    allowed: forbidden(matrices).length === 0,
    vaults: matrices.map(({ vault, rows }) => ({
      vault,
      rows: rows.map(({ name, where, cells }) => ({
        name,
        ...(where !== '' && { foundAt: where }),
        servers: Object.fromEntries(cells.map((cell) => [cell.mode, cellReport(cell)])),
      })),
    })),
  };
}

function cellReport({ endings, isAllowed }: Cell): CellReport {
  const lost = endings.filter(({ outcome }) => outcome === 'lost').length;
  return { allowed: isAllowed, trials: endings.length, lost, endings: endingTexts(endings) };
}

/** What must not be, a line each. */
export function forbidden(matrices: readonly VaultMatrix[]): string[] {
  return matrices.flatMap(({ vault, rows }) =>
    rows.flatMap(({ name, cells }) =>
      cells
        .filter(({ isAllowed }) => !isAllowed)
        .map(({ mode, endings }) => `${vault}, ${mode}: ${name}: ${endingTexts(endings).join(' or ')}`),
    ),
  );
}
