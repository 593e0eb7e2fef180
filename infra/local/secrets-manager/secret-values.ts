/** The actions of Secrets Manager that read and write values, with the real one's refusals. */
import { randomUUID } from 'node:crypto';
import { refusal } from '../aws/aws-refusal.ts';
import type { SecretActions, SecretInput } from './secret-input.ts';
import {
  findVersion,
  nameOf,
  type SecretContent,
  type SecretRecord,
  secretArn,
  withVersion,
} from './secret-record.ts';
import type { SecretStore } from './secret-store.ts';

type ValueActions = Pick<
  SecretActions,
  'CreateSecret' | 'GetSecretValue' | 'PutSecretValue' | 'UpdateSecret'
>;
type NewContent = SecretContent & { readonly ClientRequestToken?: string };

export function secretValueActions(store: SecretStore, now: () => number): ValueActions {
  async function addVersion(secret: SecretRecord, input: NewContent, stages?: readonly string[]) {
    const id = input.ClientRequestToken ?? randomUUID();
    const saved = withVersion(secret, { id, content: contentOf(input), stages, nowEpochMs: now() });
    // The very same version again is a no-op all the way down to the disk.
    if (saved !== secret) await store.save(saved);
    return { id, stages: saved.versions.find((version) => version.id === id)?.stages };
  }

  return {
    async CreateSecret(input) {
      const existing = store.find(input.Name);
      if (existing?.deletion) {
        const message =
          "You can't create this secret because a secret with this name is already scheduled for deletion.";
        throw refusal('InvalidRequestException', message);
      }
      const isRepeated = existing?.versions.some(({ id }) => id === input.ClientRequestToken);
      if (existing && !isRepeated) {
        const message = `The operation failed because the secret ${input.Name} already exists.`;
        throw refusal('ResourceExistsException', message);
      }
      const secret = existing ?? emptySecret(input, now());
      if (!existing) assertAtMostOneContent(input);
      if (!hasContent(input)) {
        await store.save(secret);
        return { ARN: secret.arn, Name: secret.name };
      }
      const { id } = await addVersion(secret, input);
      return { ARN: secret.arn, Name: secret.name, VersionId: id };
    },

    async GetSecretValue({ SecretId, VersionId, VersionStage }) {
      const secret = store.usable(SecretId);
      const version = findVersion(secret, VersionId, VersionStage);
      return {
        ...nameOf(secret),
        VersionId: version.id,
        ...contentOf(version),
        VersionStages: version.stages,
        CreatedDate: version.createdAtEpochMs / 1000,
      };
    },

    async PutSecretValue(input) {
      const secret = store.usable(input.SecretId);
      assertAtMostOneContent(input);
      if (!hasContent(input)) {
        throw refusal('InvalidRequestException', 'You must provide either SecretString or SecretBinary.');
      }
      const { id, stages } = await addVersion(secret, input, input.VersionStages);
      return { ...nameOf(secret), VersionId: id, VersionStages: stages };
    },

    async UpdateSecret(input) {
      const secret = store.usable(input.SecretId);
      assertAtMostOneContent(input);
      const described =
        input.Description === undefined
          ? secret
          : { ...secret, description: input.Description, changedAtEpochMs: now() };
      if (!hasContent(input)) {
        await store.save(described);
        return nameOf(secret);
      }
      const { id } = await addVersion(described, input);
      return { ...nameOf(secret), VersionId: id };
    },
  };
}

function emptySecret(input: SecretInput<'CreateSecret'>, nowEpochMs: number): SecretRecord {
  return {
    name: input.Name,
    arn: secretArn(input.Name),
    description: input.Description,
    tags: input.Tags,
    createdAtEpochMs: nowEpochMs,
    changedAtEpochMs: nowEpochMs,
    versions: [],
  };
}

function contentOf({ SecretString, SecretBinary }: SecretContent): SecretContent {
  return SecretString === undefined ? { SecretBinary } : { SecretString };
}

function hasContent({ SecretString, SecretBinary }: SecretContent): boolean {
  return SecretString !== undefined || SecretBinary !== undefined;
}

function assertAtMostOneContent({ SecretString, SecretBinary }: SecretContent): void {
  if (SecretString === undefined || SecretBinary === undefined) return;
  throw refusal('InvalidParameterException', "You can't specify both SecretString and SecretBinary.");
}
