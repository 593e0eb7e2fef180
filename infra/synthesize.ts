import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { App, AssetStaging } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import * as z from 'zod';
import { bundle } from './bundle.ts';
import { functionNames } from './function-plan.ts';
import { ServiceStack } from './service-stack.ts';
import { type ProviderUrls, readStage, type Stage, type StageSettings } from './stage.ts';
import { StateStack } from './state-stack.ts';

const root = join(import.meta.dirname, '..');
const CdkJson = z.looseObject({ context: z.record(z.string(), z.unknown()) });

export interface SynthesizeOptions {
  /** One of the stages in `cdk.json`. */
  readonly stage: string;
  /** Folder for the assembly; default `build/assembly/<stage>`. */
  readonly outdir?: string;
  /** Clouds other than the stage's. */
  readonly providerUrls?: Partial<ProviderUrls>;
  /** Settings that replace those of `cdk.json`, one by one. */
  readonly settings?: StageSettings;
  /** Folder with one `<name>.ts` for each function; default `functions`. */
  readonly functionsFolder?: string;
  /** Folder for the bundles; default `build/functions`. */
  readonly bundles?: string;
}

/**
 * Bundles the functions and writes the templates in this process: what `cdk synth` writes, without its checks.
 * @returns the folder of the assembly
 * @throws {StageError} when the stage is unknown or its settings are malformed
 */
export function synthesize(options: SynthesizeOptions): string {
  const context = readContext();
  const stage = readStage({
    stage: options.stage,
    stages: context.stages,
    settings: options.settings,
    environment: { ...options.providerUrls },
  });
  const bundles = bundle({
    names: functionNames,
    ...(options.functionsFolder && { functionsFolder: options.functionsFolder }),
    ...(options.bundles && { outdir: options.bundles }),
  });
  // Assets that this process staged before may have been deleted since; CDK would not look.
  AssetStaging.clearAssetHashCache();
  const app = new App({
    context,
    outdir: options.outdir ?? join(root, 'build', 'assembly', stage.name),
    analyticsReporting: false,
    treeMetadata: false,
    // Takes as long as all the rest; the CLI and a test validate the very same templates.
    builtinCloudFormationValidation: false,
  });
  addStacks(app, stage, bundles);
  return app.synth().directory;
}

/** The two stacks of a stage. */
export function addStacks(scope: Construct, stage: Stage, bundles: string): void {
  const state = new StateStack(scope, stage);
  new ServiceStack(scope, { stage, state, bundles });
}

/** The context that the CLI would have given to the app. */
function readContext(): Record<string, unknown> {
  return CdkJson.parse(JSON.parse(readFileSync(join(root, 'cdk.json'), 'utf8'))).context;
}
