/** A secret as it is kept, and what the versions' stages do. Pure: no I/O, no clock. */
import { randomInt } from 'node:crypto';
import * as z from 'zod';
import { refusal } from '../aws/aws-refusal.ts';
import { arn } from '../template/place.ts';

export const SecretVersion = z.object({
  id: z.string(),
  stages: z.array(z.string()),
  createdAtEpochMs: z.number(),
  SecretString: z.string().optional(),
  /** Base64. */
  SecretBinary: z.string().optional(),
});
export type SecretVersion = z.infer<typeof SecretVersion>;

const Tag = z.object({ Key: z.string(), Value: z.string().optional() });
export type Tag = z.infer<typeof Tag>;

export const SecretRecord = z.object({
  name: z.string(),
  arn: z.string(),
  description: z.string().optional(),
  tags: z.array(Tag),
  createdAtEpochMs: z.number(),
  changedAtEpochMs: z.number(),
  /** Scheduled for deletion: when that was asked for, and when it will happen. */
  deletion: z.object({ askedAtEpochMs: z.number(), dueAtEpochMs: z.number() }).optional(),
  /** Oldest first. */
  versions: z.array(SecretVersion),
});
export type SecretRecord = z.infer<typeof SecretRecord>;

export type SecretContent = Pick<SecretVersion, 'SecretString' | 'SecretBinary'>;

const CURRENT = 'AWSCURRENT';
const PREVIOUS = 'AWSPREVIOUS';
/** Secrets Manager forgets versions without a stage beyond so many. */
const MAX_VERSIONS = 100;
const SUFFIX_CHARACTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/** Six random characters end every secret's ARN, so that a secret made again under its name is another one. */
export function secretArn(name: string): string {
  const suffix = Array.from({ length: 6 }, () => SUFFIX_CHARACTERS[randomInt(SUFFIX_CHARACTERS.length)]).join(
    '',
  );
  return arn('secretsmanager', `secret:${name}-${suffix}`);
}

/** How answers name a secret. */
export function nameOf({ arn, name }: SecretRecord) {
  return { ARN: arn, Name: name };
}

/** By name, by ARN, or by ARN without its random suffix. */
export function isNamedBy(secret: SecretRecord, secretId: string): boolean {
  return (
    secret.name === secretId || secret.arn === secretId || secret.arn.slice(0, -'-123456'.length) === secretId
  );
}

export interface NewVersion {
  readonly id: string;
  readonly content: SecretContent;
  readonly stages?: readonly string[];
  readonly nowEpochMs: number;
}

/**
 * Adds a version unless the very same is there. The stages it takes leave the versions that had them; the version
 * that stops being current becomes the previous one.
 * @throws {AwsRefusal} ResourceExistsException – when the id names a version with another content
 */
export function withVersion(secret: SecretRecord, version: NewVersion): SecretRecord {
  const existing = secret.versions.find(({ id }) => id === version.id);
  if (existing) {
    if (isSameContent(existing, version.content)) return secret;
    const message = `You can't use ClientRequestToken ${version.id} because that value is already in use for a version of secret ${secret.arn}.`;
    throw refusal('ResourceExistsException', message);
  }
  const stages = secret.versions.length === 0 ? [CURRENT] : [...(version.stages ?? [CURRENT])];
  const added = { id: version.id, stages, createdAtEpochMs: version.nowEpochMs, ...version.content };
  const older = stages.includes(CURRENT) ? withCurrentDemoted(secret.versions) : secret.versions;
  const versions = older.map((one) => ({
    ...one,
    stages: one.stages.filter((stage) => !stages.includes(stage)),
  }));
  return { ...secret, versions: withoutOldest([...versions, added]), changedAtEpochMs: version.nowEpochMs };
}

function withCurrentDemoted(versions: readonly SecretVersion[]): SecretVersion[] {
  const isCurrent = ({ stages }: SecretVersion) => stages.includes(CURRENT);
  if (!versions.some(isCurrent)) return [...versions];
  return versions.map((version) => ({
    ...version,
    stages: isCurrent(version)
      ? [...version.stages.filter((stage) => stage !== CURRENT), PREVIOUS]
      : version.stages.filter((stage) => stage !== PREVIOUS),
  }));
}

function withoutOldest(versions: readonly SecretVersion[]): SecretVersion[] {
  return versions.filter(({ stages }, index) => stages.length > 0 || index >= versions.length - MAX_VERSIONS);
}

function isSameContent(a: SecretContent, b: SecretContent): boolean {
  return a.SecretString === b.SecretString && a.SecretBinary === b.SecretBinary;
}

/** @throws {AwsRefusal} ResourceNotFoundException, InvalidRequestException – as the real one does */
export function findVersion(secret: SecretRecord, versionId?: string, stage?: string): SecretVersion {
  const wanted = stage ?? (versionId === undefined ? CURRENT : undefined);
  const version = secret.versions.find(({ id, stages }) =>
    versionId === undefined ? stages.includes(wanted ?? CURRENT) : id === versionId,
  );
  if (!version) {
    const which = versionId === undefined ? `staging label: ${wanted}` : `VersionId: ${versionId}`;
    throw refusal(
      'ResourceNotFoundException',
      `Secrets Manager can't find the specified secret value for ${which}`,
    );
  }
  if (wanted !== undefined && !version.stages.includes(wanted)) {
    const message = 'You provided a VersionStage that is not associated to the provided VersionId.';
    throw refusal('InvalidRequestException', message);
  }
  return version;
}
