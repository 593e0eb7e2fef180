import { readdirSync, readFileSync } from 'node:fs';
import { builtinModules, createRequire } from 'node:module';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { bundle } from '../../infra/bundle.ts';
import { functionNames } from '../../infra/function-plan.ts';
import { temporaryFolder } from './placeholder-functions.ts';

const require = createRequire(import.meta.url);
const bundles = bundle({ names: functionNames, outdir: temporaryFolder() });
const fileOf = (name: string) => join(bundles, name, 'index.js');

describe('the bundles of the functions', () => {
  test('are of all files in functions/, and of nothing else', () => {
    const files = readdirSync(join(import.meta.dirname, '../../functions'));
    expect(files.sort()).toEqual(functionNames.map((name) => `${name}.ts`).sort());
  });

  test.each(functionNames)('load %s as CommonJS and find its handler', (name) => {
    expect(typeof require(fileOf(name)).handler).toBe('function');
  });

  test.each(functionNames)('bring everything that %s needs but Node itself', (name) => {
    const required = [...readFileSync(fileOf(name), 'utf8').matchAll(/\brequire\("([^"]+)"\)/g)].map(
      ([, id = '']) => id,
    );
    expect(required).not.toEqual([]);
    expect(required.filter((id) => !id.startsWith('node:') && !builtinModules.includes(id))).toEqual([]);
  });
});
