/** The actions of Secrets Manager that do not touch values: delete, restore, describe, list, tag. */
import { refusal } from '../aws/aws-refusal.ts';
import type { SecretActions } from './secret-input.ts';
import { nameOf, type SecretRecord } from './secret-record.ts';
import type { SecretStore } from './secret-store.ts';

type LifecycleActions = Omit<
  SecretActions,
  'CreateSecret' | 'GetSecretValue' | 'PutSecretValue' | 'UpdateSecret'
>;

const DAY_MS = 24 * 60 * 60 * 1000;
const DEFAULT_RECOVERY_DAYS = 30;

export function secretLifecycleActions(store: SecretStore, now: () => number): LifecycleActions {
  return {
    async DeleteSecret({ SecretId, ForceDeleteWithoutRecovery, RecoveryWindowInDays }) {
      if (ForceDeleteWithoutRecovery) {
        if (RecoveryWindowInDays !== undefined) {
          const message =
            "You can't use ForceDeleteWithoutRecovery in conjunction with RecoveryWindowInDays.";
          throw refusal('InvalidParameterException', message);
        }
        const secret = store.find(SecretId);
        if (secret) await store.forget(secret.name);
        return { ...(secret ? nameOf(secret) : { Name: SecretId }), DeletionDate: now() / 1000 };
      }
      const secret = store.usable(SecretId);
      const dueAtEpochMs = now() + (RecoveryWindowInDays ?? DEFAULT_RECOVERY_DAYS) * DAY_MS;
      await store.save({ ...secret, deletion: { askedAtEpochMs: now(), dueAtEpochMs } });
      return { ...nameOf(secret), DeletionDate: dueAtEpochMs / 1000 };
    },

    async RestoreSecret({ SecretId }) {
      const { deletion: _, ...secret } = store.known(SecretId);
      await store.save(secret);
      return nameOf(secret);
    },

    async DescribeSecret({ SecretId }) {
      return describe(store.known(SecretId));
    },

    async ListSecretVersionIds({ SecretId, IncludeDeprecated }) {
      const secret = store.known(SecretId);
      const versions = secret.versions.filter(({ stages }) => IncludeDeprecated || stages.length > 0);
      return {
        ...nameOf(secret),
        Versions: versions.map(({ id, stages, createdAtEpochMs }) => ({
          VersionId: id,
          VersionStages: stages,
          CreatedDate: createdAtEpochMs / 1000,
        })),
      };
    },

    async ListSecrets({ Filters, IncludePlannedDeletion, MaxResults, NextToken }) {
      const other = Filters.find(({ Key }) => Key !== 'name');
      if (other) throw refusal('InvalidParameterException', `the local cloud has no filter ${other.Key}`);
      const names = Filters.flatMap(({ Values }) => Values);
      const listed = store
        .all()
        .filter(({ deletion }) => IncludePlannedDeletion || !deletion)
        .filter(({ name }) => names.length === 0 || names.some((wanted) => hasPrefix(name, wanted)))
        .filter(({ name }) => NextToken === undefined || name > NextToken);
      const page = listed.slice(0, MaxResults);
      const isMore = listed.length > page.length;
      return { SecretList: page.map(describe), ...(isMore && { NextToken: page.at(-1)?.name }) };
    },

    async TagResource({ SecretId, Tags }) {
      const secret = store.usable(SecretId);
      const kept = secret.tags.filter(({ Key }) => !Tags.some((tag) => tag.Key === Key));
      await store.save({ ...secret, tags: [...kept, ...Tags] });
      return {};
    },

    async UntagResource({ SecretId, TagKeys }) {
      const secret = store.usable(SecretId);
      await store.save({ ...secret, tags: secret.tags.filter(({ Key }) => !TagKeys.includes(Key)) });
      return {};
    },
  };
}

function describe(secret: SecretRecord) {
  const staged = secret.versions.filter(({ stages }) => stages.length > 0);
  const versionIds = Object.fromEntries(staged.map(({ id, stages }) => [id, stages]));
  return {
    ...nameOf(secret),
    Description: secret.description,
    Tags: secret.tags,
    CreatedDate: secret.createdAtEpochMs / 1000,
    LastChangedDate: secret.changedAtEpochMs / 1000,
    ...(secret.deletion && { DeletedDate: secret.deletion.askedAtEpochMs / 1000 }),
    VersionIdsToStages: versionIds,
    SecretVersionsToStages: versionIds,
  };
}

/** Secrets Manager's name filter: a prefix, whatever its case; `!` before it turns it round. */
function hasPrefix(name: string, wanted: string): boolean {
  const isTurned = wanted.startsWith('!');
  const prefix = (isTurned ? wanted.slice(1) : wanted).toLowerCase();
  return name.toLowerCase().startsWith(prefix) !== isTurned;
}
