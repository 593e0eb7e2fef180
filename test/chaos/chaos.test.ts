/** The short form of the matrix, and that it finds the defects it is there to find. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { VaultKind } from '../../shared/domain/vault-kind.ts';
import { differences, readTable } from './docs-table.ts';
import { runMatrix, type VaultMatrix, type Wish } from './matrix.ts';
import type { MutationName } from './mutations.ts';
import { forbidden, formatMatrices } from './report.ts';

/** Far longer than it takes on a machine that has something else to do as well. */
const LONG_MS = 600_000;

/** Fewer than these, and something was not tried; sealed, a rotation has fewer places at which it can be cut off. */
const survivors: Record<VaultKind, number> = { secrets: 50, sealed: 35 };

function run(wish: Partial<Wish>): Promise<VaultMatrix[]> {
  return runMatrix({ short: true, progress: () => {}, ...wish });
}

test('loses accounts only where no client could prevent it, and the documentation says the same', {
  timeout: LONG_MS,
}, async () => {
  const matrices = await run({});
  expect(forbidden(matrices)).toEqual([]);
  const documented = readTable(readFileSync('docs/rotation.md', 'utf8'));
  expect(differences(documented, formatMatrices(matrices))).toEqual([]);
  expect(matrices.map(({ vault }) => vault)).toEqual(VaultKind.options);
  for (const { vault, rows } of matrices) {
    const endings = rows.flatMap(({ cells }) => cells.flatMap((cell) => cell.endings));
    expect(endings.filter(({ outcome }) => outcome === 'survives').length).toBeGreaterThan(survivors[vault]);
    // What cannot be prevented: a matrix that never kills in time would not see it.
    expect(endings.filter(({ outcome }) => outcome === 'lost').length).toBeGreaterThan(8);
  }
});

describe('sees a vault that', () => {
  const defects: [string, MutationName, string, string][] = [
    ['keeps the answer after the commit', 'keep-after-commit', 'in memory, before Keep', 'grace'],
    ['forgets whom it takes over from', 'forget-intent', 'during Keep', 'strict'],
    ['holds its lease for no time', 'short-lease', 'another worker while', 'reuse'],
  ];

  test.each(defects)('%s', { timeout: LONG_MS }, async (_, mutation, row, mode) => {
    const wish = { vaults: ['secrets'], modes: [mode], rows: row, short: false } as const;
    expect(forbidden(await run(wish as Partial<Wish>))).toEqual([]);
    const found = forbidden(await run({ ...(wish as Partial<Wish>), mutation }));
    expect(found).toEqual([expect.stringContaining(row)]);
  });
});
