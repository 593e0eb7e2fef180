import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib/core';
import { AwsSolutionsChecks } from 'cdk-nag';
import { describe, expect, test } from 'vitest';
import { readStage } from '../../infra/stage.ts';
import { addStacks } from '../../infra/synthesize.ts';
import { placeholderBundles, temporaryFolder } from './placeholder-functions.ts';

const app = join(import.meta.dirname, '../../infra/app.ts');

/** Runs the app as the CDK command line does, with the context that it would have read. */
function run(context: object) {
  const environment = { CDK_CONTEXT_JSON: JSON.stringify(context), CDK_OUTDIR: temporaryFolder() };
  return spawnSync(process.execPath, [app], { encoding: 'utf8', env: { ...process.env, ...environment } });
}

describe('the CDK app', () => {
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
