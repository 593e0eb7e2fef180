import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { functionNames } from '../../infra/function-plan.ts';

/** A folder of its own for a test that writes. */
export function temporaryFolder(): string {
  return mkdtempSync(join(tmpdir(), 'latchkey-infra-'));
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
