import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { functionNames } from '../../infra/function-plan.ts';

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true });
});

/** A folder of its own for a test that writes; gone when the test file ends. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-infra-'));
  folders.push(folder);
  return folder;
}

/** Stand-ins for `functions/`, each of which answers its own name: what is tested is where they run. */
export function placeholderFunctions(): string {
  const folder = temporaryFolder();
  for (const name of functionNames) {
    writeFileSync(
      join(folder, `${name}.ts`),
      `export const handler = async (): Promise<string> => '${name}';\n`,
    );
  }
  return folder;
}

/** The same as bundles, for tests of the stacks, which need folders and nothing in them that runs. */
export function placeholderBundles(): string {
  const folder = temporaryFolder();
  for (const name of functionNames) {
    mkdirSync(join(folder, name));
    writeFileSync(join(folder, name, 'index.js'), `exports.handler = async () => '${name}';\n`);
  }
  return folder;
}
