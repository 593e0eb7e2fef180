import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { StageError } from '../../infra/stage.ts';
import { type SynthesizeOptions, synthesize } from '../../infra/synthesize.ts';
import { placeholderFunctions, temporaryFolder } from './placeholder-functions.ts';

const functionsFolder = placeholderFunctions();

function assemblyOf(options: Partial<SynthesizeOptions> = {}): string {
  const folders = { outdir: temporaryFolder(), bundles: temporaryFolder() };
  return synthesize({ stage: 'local', functionsFolder, ...folders, ...options });
}

function read(assembly: string, name: string): string {
  return readFileSync(join(assembly, name), 'utf8');
}

describe('synthesize', () => {
  const first = assemblyOf();

  test('writes the same templates again from the same sources', () => {
    const second = assemblyOf();
    for (const stack of ['State', 'Service']) {
      const template = `Latchkey-local-${stack}.template.json`;
      expect(read(second, template)).toBe(read(first, template));
    }
  });

  test('puts the bundle of each function where the asset manifest says', () => {
    const { files } = JSON.parse(read(first, 'Latchkey-local-Service.assets.json'));
    const template = JSON.parse(read(first, 'Latchkey-local-Service.template.json'));
    const { S3Key } = template.Resources[logicalIdOf(template, 'receive-webhook')].Properties.Code;
    const { source } = files[S3Key.replace('.zip', '')];
    expect(read(first, join(source.path, 'index.js'))).toContain('receive-webhook');
  });

  test('asks nothing of an account, a region or the network', () => {
    const manifest = JSON.parse(read(first, 'manifest.json'));
    expect(manifest.missing).toBeUndefined();
    expect(manifest.artifacts['Latchkey-local-Service'].environment).toBe(
      'aws://unknown-account/unknown-region',
    );
  });

  test('points the functions at the clouds that it is given', () => {
    const assembly = assemblyOf({
      providerUrls: { LATCHKEY_LEGRAND_API_URL: 'http://127.0.0.1:4011/smarther/v2.0' },
    });
    const template = JSON.parse(read(assembly, 'Latchkey-local-Service.template.json'));
    const { Variables } = template.Resources[logicalIdOf(template, 'send-command')].Properties.Environment;
    expect(Variables.LATCHKEY_LEGRAND_API_URL).toBe('http://127.0.0.1:4011/smarther/v2.0');
  });

  test('refuses a stage that cdk.json does not know, before it bundles anything', () => {
    expect(() => synthesize({ stage: 'nope', functionsFolder: '/nowhere' })).toThrow(StageError);
  });
});

function logicalIdOf(template: { Resources: Record<string, { Properties: object }> }, name: string): string {
  const found = Object.entries(template.Resources).find(
    ([, { Properties }]) =>
      'FunctionName' in Properties && Properties.FunctionName === `latchkey-local-${name}`,
  );
  if (!found) throw new Error(`the template has no function ${name}`);
  return found[0];
}
