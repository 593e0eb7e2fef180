/** What the actions of Secrets Manager accept. */
import * as z from 'zod';
import { refusal } from '../aws/aws-refusal.ts';

const SecretId = z.string().min(1).max(2048);
const Tags = z.array(z.object({ Key: z.string().min(1).max(128), Value: z.string().max(256).optional() }));
/** Becomes the version's id; the SDK makes one up where the caller gives none. */
const ClientRequestToken = z.string().min(32).max(64).optional();
const content = {
  SecretString: z.string().min(1).max(65_536).optional(),
  SecretBinary: z.base64().optional(),
};

export const secretInputs = {
  CreateSecret: z.object({
    Name: z.string().regex(/^[\w/+=.@-]{1,512}$/),
    Description: z.string().max(2048).optional(),
    Tags: Tags.default([]),
    ClientRequestToken,
    ...content,
  }),
  GetSecretValue: z.object({
    SecretId,
    VersionId: z.string().optional(),
    VersionStage: z.string().optional(),
  }),
  PutSecretValue: z.object({
    SecretId,
    ClientRequestToken,
    VersionStages: z.array(z.string().min(1).max(256)).min(1).max(20).optional(),
    ...content,
  }),
  UpdateSecret: z.object({
    SecretId,
    ClientRequestToken,
    Description: z.string().max(2048).optional(),
    ...content,
  }),
  DeleteSecret: z.object({
    SecretId,
    ForceDeleteWithoutRecovery: z.boolean().default(false),
    RecoveryWindowInDays: z.number().int().min(7).max(30).optional(),
  }),
  RestoreSecret: z.object({ SecretId }),
  DescribeSecret: z.object({ SecretId }),
  ListSecretVersionIds: z.object({ SecretId, IncludeDeprecated: z.boolean().default(false) }),
  ListSecrets: z.object({
    Filters: z.array(z.object({ Key: z.string(), Values: z.array(z.string()).min(1) })).default([]),
    IncludePlannedDeletion: z.boolean().default(false),
    MaxResults: z.number().int().min(1).max(100).default(100),
    NextToken: z.string().optional(),
  }),
  TagResource: z.object({ SecretId, Tags }),
  UntagResource: z.object({ SecretId, TagKeys: z.array(z.string()) }),
} as const;

export type SecretAction = keyof typeof secretInputs;
export type SecretInput<A extends SecretAction> = z.infer<(typeof secretInputs)[A]>;

export type SecretActions = { readonly [A in SecretAction]: (input: SecretInput<A>) => Promise<object> };

export function isSecretAction(action: string): action is SecretAction {
  return Object.hasOwn(secretInputs, action);
}

/** @throws {AwsRefusal} ValidationException – naming the first field that is wrong */
export function parseSecretInput<A extends SecretAction>(action: A, input: unknown): SecretInput<A> {
  const result = secretInputs[action].safeParse(input);
  if (result.success) return result.data as SecretInput<A>;
  const [issue] = result.error.issues;
  const message = `1 validation error detected: ${issue?.path.join('.')}: ${issue?.message}`;
  throw refusal('ValidationException', message);
}
