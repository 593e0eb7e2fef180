/** Functions of which the stream's consumer is another: the real one, with trouble added. */
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { functionNames } from '../../../infra/function-plan.ts';

const root = join(import.meta.dirname, '../../..');

/** @returns a folder with one `<function>.ts` each, to be removed by whoever asked for it */
export function sabotagedFunctions(): string {
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-sabotage-'));
  for (const name of functionNames) {
    const file =
      name === 'project-changes'
        ? join(import.meta.dirname, 'sabotaged-projection.ts')
        : join(root, 'functions', `${name}.ts`);
    writeFileSync(join(folder, `${name}.ts`), `export { handler } from ${JSON.stringify(file)};\n`);
  }
  return folder;
}
