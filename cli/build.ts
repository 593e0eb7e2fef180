/** Bundles `latchkey` when the package is prepared, so that it runs with Node 20 and nothing else. */
import { chmodSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { memoryFlags } from './memory.ts';

const root = join(import.meta.dirname, '..');
const outfile = join(root, 'build', 'cli', 'latchkey.mjs');

const hashbang = `#!/usr/bin/env -S node ${memoryFlags.join(' ')}`;
const requireForCommonJs =
  "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);";

rmSync(outfile, { force: true });
buildSync({
  absWorkingDir: root,
  tsconfig: 'tsconfig.json',
  entryPoints: ['cli/latchkey.ts'],
  outfile,
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'esm',
  mainFields: ['module', 'main'],
  minify: true,
  legalComments: 'none',
  logLevel: 'warning',
  // Some packages are CommonJS inside, and ask for Node's own modules as such.
  banner: { js: [hashbang, requireForCommonJs].join('\n') },
  // What the MongoDB driver can use where it is there: encryption, compression, Kerberos, clouds' own logins.
  external: [
    'mongodb-client-encryption',
    'kerberos',
    '@mongodb-js/zstd',
    '@aws-sdk/credential-providers',
    'gcp-metadata',
    'snappy',
    'socks',
    'aws4',
  ],
});
chmodSync(outfile, 0o755);
