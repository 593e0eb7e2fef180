/** Which files promise to be pure, and what would break the promise. */
import type { SourceFile } from './import-graph.ts';
import { strip } from './source-text.ts';

const PURE = /^shared\/(?:domain|api)\/|^shared\/providers\/[^/]+\/(?:translate|delivery|wire|intake)\.ts$/;

const impure = {
  'a Node module': /^import\s[^;]*?from 'node:(?!crypto')[^']+'/m,
  'the clock': /\bDate\.now\b|\bnew Date\(\s*\)|\bperformance\b|\bTemporal\.Now\b/,
  chance: /\bMath\.random\b|\brandomUUID\b|\brandomBytes\b/,
  'the process': /\bprocess\./,
  'the network': /\bfetch\(/,
  'a timer': /\bset(?:Timeout|Interval|Immediate)\(/,
  'the console': /\bconsole\./,
};

/** New ids have to come from somewhere: from the one file that makes ids. */
const MAKES_IDS = 'shared/domain/ids.ts';

/** Each as `file: what it touches`. */
export function impurities(files: readonly SourceFile[]): string[] {
  return files
    .filter(({ path }) => PURE.test(path))
    .flatMap(({ path, text }) => {
      const code = strip(text, 'comments');
      return Object.entries(impure)
        .filter(([what, pattern]) => pattern.test(code) && !(path === MAKES_IDS && what === 'chance'))
        .map(([what]) => `${path}: ${what}`);
    });
}
