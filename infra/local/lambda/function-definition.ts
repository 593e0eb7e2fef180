import { createHash } from 'node:crypto';
import { join } from 'node:path';
import * as z from 'zod';
import { LatchkeyError } from '../../../shared/domain/error.ts';
import { place } from '../template/place.ts';
import type { LocatedResource, Template } from '../template.ts';

/** What of an `AWS::Lambda::Function` matters locally, with CloudFormation's defaults. */
const FunctionProperties = z.looseObject({
  Handler: z.string().regex(/^[^.]+(\.[^.]+)+$/),
  Role: z.string(),
  MemorySize: z.number().default(128),
  Timeout: z.number().default(3),
  Environment: z.looseObject({ Variables: z.record(z.string(), z.string()) }).default({ Variables: {} }),
  Code: z.looseObject({ S3Key: z.string().optional() }),
});

export interface FunctionDefinition {
  readonly name: string;
  /** The bundle's file without its extension, and what it exports: `…/asset.12ab/index` and `handler`. */
  readonly entry: { readonly file: string; readonly exportName: string };
  readonly memoryMb: number;
  readonly timeoutMs: number;
  /** Exactly the template's. */
  readonly variables: Readonly<Record<string, string>>;
  readonly roleArn: string;
  /** By which AWS calls of this function are told from another's. */
  readonly accessKeyId: string;
}

/** @throws {LatchkeyError} config_invalid – when a function's code or settings cannot be made out */
export function readFunctions(template: Template): FunctionDefinition[] {
  return template.resources('AWS::Lambda::Function').map((resource) => {
    const result = FunctionProperties.safeParse(resource.properties());
    if (!result.success) throw unreadable(resource, z.prettifyError(result.error));
    const { Handler, Role, MemorySize, Timeout, Environment, Code } = result.data;
    const dot = Handler.lastIndexOf('.');
    return {
      name: resource.physicalName,
      entry: {
        file: join(folderOf(template, resource, Code.S3Key), Handler.slice(0, dot)),
        exportName: Handler.slice(dot + 1),
      },
      memoryMb: MemorySize,
      timeoutMs: Timeout * 1000,
      variables: Environment.Variables,
      roleArn: Role,
      accessKeyId: accessKeyIdFor(resource.physicalName),
    };
  });
}

/** The asset's folder: named by its metadata, or found by its hash, which is its name in S3. */
function folderOf(template: Template, resource: LocatedResource, s3Key: string | undefined): string {
  const path = resource.metadata['aws:asset:path'];
  if (typeof path === 'string') return join(template.folder, path);
  const hash = /([^/]+)\.zip$/.exec(s3Key ?? '')?.[1];
  const folder = template.assets.get(hash ?? '');
  if (folder === undefined) throw unreadable(resource, 'its code is not an asset of this assembly');
  return folder;
}

/** Looks like the real ones (temporary credentials begin with ASIA), and stays the same from start to start. */
function accessKeyIdFor(functionName: string): string {
  const digest = createHash('sha256').update(functionName).digest('hex').toUpperCase();
  return `ASIA${digest.slice(0, 16)}`;
}

/** What the platform adds to the template's environment. */
export function platformVariables(
  definition: FunctionDefinition,
  endpoints: { readonly dynamodb: string; readonly secretsManager: string },
): Record<string, string> {
  return {
    AWS_REGION: place.region,
    AWS_DEFAULT_REGION: place.region,
    AWS_LAMBDA_FUNCTION_NAME: definition.name,
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(definition.memoryMb),
    AWS_ACCESS_KEY_ID: definition.accessKeyId,
    AWS_SECRET_ACCESS_KEY: 'local',
    AWS_SESSION_TOKEN: 'local',
    AWS_ENDPOINT_URL_DYNAMODB: endpoints.dynamodb,
    AWS_ENDPOINT_URL_SECRETS_MANAGER: endpoints.secretsManager,
    TZ: ':UTC',
  };
}

function unreadable({ stack, logicalId }: LocatedResource, problem: string): LatchkeyError {
  return new LatchkeyError('config_invalid', `${stack}, function ${logicalId}: ${problem}`);
}
