import { join } from 'node:path';
import { build, type Plugin } from 'esbuild';
import type { MutationName } from './mutations.ts';

const here = import.meta.dirname;

/**
 * Bundles what a process of the matrix runs, as deployed functions are: it starts in a third of the time.
 * @returns the file to start
 */
export async function bundleChild(folder: string, mutation?: MutationName): Promise<string> {
  const outfile = join(folder, 'rotating-child.cjs');
  await build({
    entryPoints: [join(here, 'rotating-child.ts')],
    outfile,
    bundle: true,
    platform: 'node',
    target: 'node24',
    format: 'cjs',
    mainFields: ['module', 'main'],
    logLevel: 'error',
    ...(mutation && { plugins: [mutateVault], define: { 'process.env.CHAOS_MUTATION': `'${mutation}'` } }),
  });
  return outfile;
}

/** The composition gets a vault with a defect; the vault itself stays as it is. */
const mutateVault: Plugin = {
  name: 'mutate-vault',
  setup: ({ onResolve }) =>
    onResolve({ filter: /\/vault\.ts$/ }, ({ importer }) =>
      importer.endsWith(join('shared', 'runtime', 'dependencies.ts'))
        ? { path: join(here, 'mutated-vault.ts') }
        : undefined,
    ),
};
