/** What is in the bundle of the one function that has to start, answer and be done within 750 ms. */
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { describe, expect, test } from 'vitest';
import { bundleSettings, WEBHOOK_BUDGET_BYTES } from '../../infra/bundle.ts';

const root = join(import.meta.dirname, '../..');

/** Packages that may come along: the SDK's two clients and what they cannot do without. No schemas, no middleware. */
const allowedPackages = [
  '@aws-sdk/client-dynamodb',
  '@aws-sdk/client-secrets-manager',
  '@aws-sdk/core',
  '@aws-sdk/dynamodb-codec',
  '@aws/lambda-invoke-store',
  '@smithy/core',
  '@smithy/node-http-handler',
  '@smithy/signature-v4',
  '@smithy/types',
];

/** Files of ours, each of which is read in every cold start: whoever adds one has to say so here. */
const allowedFiles = [
  'functions/receive-webhook.ts',
  'shared/actions/receive-webhook.ts',
  'shared/domain/feed-place.ts',
  'shared/providers/allthingstalk/intake.ts',
  'shared/providers/intake-registry.ts',
  'shared/providers/legrand/intake.ts',
  'shared/providers/netatmo/intake.ts',
  'shared/providers/signature.ts',
  'shared/runtime/connection.ts',
  'shared/runtime/environment-credentials.ts',
  'shared/runtime/no-endpoint-discovery.ts',
  'shared/runtime/no-event-streams.ts',
  'shared/runtime/webhook-entry.ts',
  'shared/store/keep-delivery.ts',
  'shared/store/keys.ts',
  'shared/vault/intake-keys.ts',
  'shared/vault/root-key.ts',
];

const { outputFiles, metafile } = buildSync({
  ...bundleSettings,
  entryPoints: [join(root, 'functions/receive-webhook.ts')],
  outdir: join(root, 'build'),
  write: false,
  metafile: true,
});
const inputs = Object.values(metafile.outputs).flatMap((output) =>
  Object.entries(output.inputs).flatMap(([path, { bytesInOutput }]) => (bytesInOutput > 0 ? [path] : [])),
);

/** `@scope/name` of a file in a package, the innermost one; `undefined` for files of ours. */
function packageOf(path: string): string | undefined {
  return /^.*\bnode_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1];
}

describe('the bundle of receive-webhook', () => {
  test('is smaller than its budget', () => {
    expect(outputFiles.map(({ contents }) => contents.length)).toEqual([expect.any(Number)]);
    expect(outputFiles[0]?.contents.length).toBeLessThan(WEBHOOK_BUDGET_BYTES);
  });

  test('holds no package but those that are allowed', () => {
    const packages = new Set(inputs.map(packageOf).filter((name) => name !== undefined));
    expect([...packages].toSorted()).toEqual(allowedPackages);
  });

  test('holds no file of ours but those that are allowed', () => {
    const files = inputs.filter((path) => packageOf(path) === undefined);
    expect(files.toSorted()).toEqual(allowedFiles);
  });
});
