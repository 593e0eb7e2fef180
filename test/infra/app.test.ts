import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib/core';
import { AwsSolutionsChecks } from 'cdk-nag';
import { describe, expect, test } from 'vitest';
import { readStage } from '../../infra/stage.ts';
import { addStacks, synthesize } from '../../infra/synthesize.ts';
import { placeholderBundles, temporaryFolder } from './placeholder-functions.ts';

const root = join(import.meta.dirname, '../..');
const app = join(root, 'infra/app.ts');

/** Runs the app as the CDK command line does, with the context that it would have read. */
function run(context: object) {
  const outdir = temporaryFolder();
  const environment = { CDK_CONTEXT_JSON: JSON.stringify(context), CDK_OUTDIR: outdir };
  const ended = spawnSync(process.execPath, [app], {
    encoding: 'utf8',
    env: { ...process.env, ...environment },
  });
  return { ...ended, outdir };
}

describe('the CDK app', () => {
  test('writes for AWS, with all checks passed, what synthesize writes for this machine', () => {
    const { context } = JSON.parse(readFileSync(join(root, 'cdk.json'), 'utf8'));
    const { status, stderr, outdir } = run({ ...context, stage: 'prod' });
    expect(stderr).toBe('');
    expect(status).toBe(0);
    const assembly = synthesize({ stage: 'prod', outdir: temporaryFolder(), bundles: temporaryFolder() });
    for (const stack of ['State', 'Service']) {
      const template = `Latchkey-prod-${stack}.template.json`;
      expect(readFileSync(join(outdir, template), 'utf8')).toBe(
        readFileSync(join(assembly, template), 'utf8'),
      );
    }
  });

  test('ends with one line and exit code 1 when it does not know the stage', () => {
    const { status, stdout, stderr } = run({ stage: 'prdo', stages: { prod: {} } });
    expect(stderr).toBe('latchkey: unknown stage "prdo"; cdk.json knows: prod\n');
    expect(stdout).toBe('');
    expect(status).toBe(1);
  });

  test('ends with one line and exit code 1 when a setting is malformed', () => {
    const { status, stderr } = run({ stage: 'prod', stages: { prod: { logLevel: 'LOUD' } } });
    expect(stderr).toMatch(/^latchkey: cdk\.json, stage prod: logLevel: .*\n$/);
    expect(status).toBe(1);
  });

  test('leaves no finding of the AwsSolutions checks without a reason', () => {
    const scope = new App({ outdir: temporaryFolder() });
    addStacks(scope, readStage({ stage: 'prod', stages: { prod: {} } }), placeholderBundles());
    const { violations } = new AwsSolutionsChecks(scope).validateScope(scope);
    expect(violations.map((violation) => [violation.ruleName, violation.violatingResources])).toEqual([]);
  });
});
