/** What the CDK command line runs (`cdk.json`). */
import { App, Validations } from 'aws-cdk-lib/core';
import { AwsSolutionsChecks } from 'cdk-nag';
import { bundle } from './bundle.ts';
import { functionNames } from './function-plan.ts';
import { readStage, StageError } from './stage.ts';
import { addStacks } from './synthesize.ts';

function main(): void {
  const app = new App();
  const stage = readStage({
    stage: app.node.tryGetContext('stage'),
    stages: app.node.tryGetContext('stages'),
    environment: process.env,
  });
  addStacks(app, stage, bundle({ names: functionNames }));
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  app.synth();
}

try {
  main();
} catch (error) {
  if (!(error instanceof StageError)) throw error;
  console.error(`latchkey: ${error.message}`);
  process.exitCode = 1;
}
