import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { LatchkeyError } from '../../../shared/domain/error.ts';

const Resource = z.looseObject({
  Type: z.string(),
  Properties: z.record(z.string(), z.unknown()).default({}),
  Metadata: z.record(z.string(), z.unknown()).default({}),
});

/** A CloudFormation template, as far as the local cloud looks into it. */
export const StackTemplate = z.looseObject({
  Resources: z.record(z.string(), Resource).default({}),
  Outputs: z
    .record(
      z.string(),
      z.looseObject({ Value: z.unknown(), Export: z.object({ Name: z.unknown() }).optional() }),
    )
    .default({}),
  Parameters: z.record(z.string(), z.looseObject({ Default: z.unknown() })).default({}),
});
export type StackTemplate = z.infer<typeof StackTemplate>;

const Manifest = z.looseObject({
  artifacts: z.record(z.string(), z.looseObject({ type: z.string(), properties: z.unknown() })),
});
const StackProperties = z.looseObject({ templateFile: z.string(), stackName: z.string().optional() });
const AssetsProperties = z.looseObject({ file: z.string() });
const Assets = z.looseObject({
  files: z
    .record(z.string(), z.looseObject({ source: z.looseObject({ path: z.string().optional() }) }))
    .default({}),
});

export interface Assembly {
  /** By stack name. */
  readonly stacks: ReadonlyMap<string, StackTemplate>;
  /** Folder of an asset, by its hash. */
  readonly assets: ReadonlyMap<string, string>;
  readonly folder: string;
}

/**
 * Reads what a synthesis left in a folder.
 * @throws {LatchkeyError} config_invalid – when it is no cloud assembly
 */
export function loadAssembly(folder: string): Assembly {
  const { artifacts } = read(folder, 'manifest.json', Manifest);
  const stacks = new Map<string, StackTemplate>();
  const assets = new Map<string, string>();
  for (const [id, { type, properties }] of Object.entries(artifacts)) {
    if (type === 'aws:cloudformation:stack') {
      const { templateFile, stackName = id } = StackProperties.parse(properties);
      stacks.set(stackName, read(folder, templateFile, StackTemplate));
    } else if (type === 'cdk:asset-manifest') {
      const { files } = read(folder, AssetsProperties.parse(properties).file, Assets);
      for (const [hash, { source }] of Object.entries(files)) {
        if (source.path !== undefined) assets.set(hash, join(folder, source.path));
      }
    }
  }
  return { stacks, assets, folder };
}

function read<T>(folder: string, file: string, schema: z.ZodType<T>): T {
  try {
    return schema.parse(JSON.parse(readFileSync(join(folder, file), 'utf8')));
  } catch (cause) {
    throw new LatchkeyError('config_invalid', `${join(folder, file)} is not what a synthesis writes`, {
      cause,
    });
  }
}
