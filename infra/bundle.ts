import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type BuildOptions, buildSync } from 'esbuild';
import type { FunctionName } from './constructs/entry-function.ts';

const root = join(import.meta.dirname, '..');

export interface BundleOptions {
  readonly names: readonly FunctionName[];
  /** Folder with one `<name>.ts` for each function; default `functions`. */
  readonly functionsFolder?: string;
  /** Folder that gets one folder for each function; default `build/functions`. */
  readonly outdir?: string;
}

/** Most that the bundle of `receive-webhook` may have, bytes: every one of them is read in its cold start. */
export const WEBHOOK_BUDGET_BYTES = 200_000;

/** How every function is bundled. CommonJS and the packages' module fields first: both measurably shorten a cold start. */
export const bundleSettings = {
  absWorkingDir: root,
  tsconfig: join(root, 'tsconfig.json'),
  bundle: true,
  platform: 'node',
  target: 'node24',
  format: 'cjs',
  mainFields: ['module', 'main'],
  minify: true,
  legalComments: 'none',
  logLevel: 'silent',
  // Imported as an ES module, `node:http` brings all of Node's `fetch` along: 25 ms of a start, though only where AWS is
  // reached without TLS, as it is locally.
  supported: { 'dynamic-import': false },
  // What the SDK brings along for cases that a function never is in; each file says why.
  alias: {
    '@smithy/core/event-streams': join(root, 'shared/runtime/no-event-streams.ts'),
    '@aws-sdk/middleware-endpoint-discovery': join(root, 'shared/runtime/no-endpoint-discovery.ts'),
    '@aws-sdk/credential-provider-node': join(root, 'shared/runtime/environment-credentials.ts'),
  },
} as const satisfies BuildOptions;

/**
 * Bundles every function on its own, all in one esbuild run: a run for each would take a second each.
 * @returns the folder in which `<name>/index.js` is the bundle of a function
 * @throws {Error} when esbuild cannot bundle a function; esbuild's messages name the file and line
 */
export function bundle({ names, functionsFolder, outdir }: BundleOptions): string {
  const source = functionsFolder ?? join(root, 'functions');
  const target = outdir ?? join(root, 'build', 'functions');
  const { outputFiles } = buildSync({
    entryPoints: names.map((name) => join(source, `${name}.ts`)),
    outbase: source,
    outdir: target,
    entryNames: '[name]/index',
    write: false,
    ...bundleSettings,
  });
  for (const file of outputFiles) {
    replace(file.path, file.text);
    // A folder above may say "type": "module", which would make Node read the bundle as something it is not.
    replace(join(dirname(file.path), 'package.json'), '{"type":"commonjs"}\n');
  }
  return target;
}

/** Whole or not at all, and only if different: several processes may bundle at once and load what is there. */
function replace(path: string, text: string): void {
  if (contentOf(path) === text) return;
  mkdirSync(dirname(path), { recursive: true });
  const draft = `${path}.${process.pid}`;
  writeFileSync(draft, text);
  renameSync(draft, path);
}

function contentOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}
