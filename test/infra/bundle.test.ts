import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { bundle } from '../../infra/bundle.ts';
import { functionNames } from '../../infra/function-plan.ts';
import { placeholderFunctions, temporaryFolder } from './placeholder-functions.ts';

const require = createRequire(import.meta.url);

describe('bundle', () => {
  const functionsFolder = placeholderFunctions();
  const outdir = bundle({ names: functionNames, functionsFolder, outdir: temporaryFolder() });

  test.each(functionNames)('makes %s a CommonJS module that exports its handler', async (name) => {
    const { handler } = require(join(outdir, name, 'index.js'));
    expect(await handler()).toBe(name);
  });

  test('leaves the files alone that would not change, so that others may be reading them', () => {
    const file = join(outdir, 'read-home', 'index.js');
    const before = statSync(file);
    bundle({ names: functionNames, functionsFolder, outdir });
    expect(statSync(file)).toMatchObject({ ino: before.ino, mtimeMs: before.mtimeMs });
  });

  test("takes credentials from the environment alone, instead of the SDK's whole chain", () => {
    const folder = temporaryFolder();
    const client = dirname(require.resolve('@aws-sdk/client-dynamodb/package.json'));
    writeFileSync(join(folder, 'read-home.ts'), `export { DynamoDBClient as handler } from '${client}';`);
    const made = bundle({ names: ['read-home'], functionsFolder: folder, outdir: temporaryFolder() });
    const text = readFileSync(join(made, 'read-home', 'index.js'), 'utf8');
    expect(text).toContain('AWS_SESSION_TOKEN');
    expect(text).not.toMatch(/fromSSO|fromIni|fromContainerMetadata/);
  });

  test('names the function that is missing', () => {
    const make = () =>
      bundle({ names: ['read-home'], functionsFolder: temporaryFolder(), outdir: temporaryFolder() });
    expect(make).toThrow(/read-home\.ts/);
  });
});
