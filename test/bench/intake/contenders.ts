/** The functions that are compared, each bundled as it would be deployed. */
import { readdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { Runtime } from 'aws-cdk-lib/aws-lambda';
import { NodejsFunction } from 'aws-cdk-lib/aws-lambda-nodejs';
import { App, Stack } from 'aws-cdk-lib/core';
import { buildSync } from 'esbuild';
import { bundle, bundleSettings } from '../../../infra/bundle.ts';
import { functionNames } from '../../../infra/function-plan.ts';
import type { Contender } from './function-process.ts';

const here = import.meta.dirname;
const root = join(here, '../../..');

export interface Contenders {
  readonly latchkey: Contender;
  readonly empty: Contender;
  readonly barePut: Contender;
  readonly obvious: Contender;
  /** The runtime's loop as plain JavaScript. */
  readonly loop: string;
  /** Folder with the bundles of all functions, one folder each. */
  readonly functions: string;
}

/** @param folder gets everything that is built */
export function buildContenders(folder: string): Contenders {
  const functions = bundle({ names: functionNames, outdir: join(folder, 'functions') });
  const like = (name: string): Contender => {
    build(join(here, 'contenders', `${name}.ts`), join(folder, name, 'index.js'));
    return { name, folder: join(folder, name) };
  };
  const loop = join(folder, 'loop', 'runtime-loop.js');
  build(join(here, 'runtime-loop.ts'), loop);
  return {
    latchkey: { name: 'receive-webhook', folder: join(functions, 'receive-webhook') },
    empty: like('empty'),
    barePut: like('bare-put'),
    obvious: buildObvious(join(folder, 'cdk')),
    loop,
    functions,
  };
}

function build(entry: string, outfile: string): void {
  buildSync({ ...bundleSettings, entryPoints: [entry], outfile });
}

/** By CDK itself, told nothing but what to bundle and for which runtime: it leaves the SDK to the runtime. */
function buildObvious(outdir: string): Contender {
  const app = new App({
    outdir,
    analyticsReporting: false,
    treeMetadata: false,
    builtinCloudFormationValidation: false,
  });
  new NodejsFunction(new Stack(app, 'Obvious'), 'Function', {
    entry: join(here, 'contenders/obvious-way.js'),
    runtime: Runtime.NODEJS_24_X,
    projectRoot: root,
    depsLockFilePath: join(root, 'package-lock.json'),
  });
  const asset = readdirSync(outdir).find((name) => name.startsWith('asset.'));
  if (asset === undefined) throw new TypeError('CDK staged no bundle');
  const packages = [join(root, 'node_modules'), process.env.NODE_PATH].filter(Boolean).join(delimiter);
  return { name: 'obvious-way', folder: join(outdir, asset), packages };
}
