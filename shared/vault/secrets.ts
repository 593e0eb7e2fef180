/** The seam to Secrets Manager: its errors become ours here, and secrets are read and written nowhere else. */
import {
  CreateSecretCommand,
  DeleteSecretCommand,
  GetSecretValueCommand,
  PutSecretValueCommand,
  paginateListSecretVersionIds,
  ResourceExistsException,
  ResourceNotFoundException,
  type SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { LatchkeyError } from '../domain/error.ts';

export interface Secrets {
  /** Of a version that was just written, AWS may know nothing for a moment: `undefined` then as well. */
  read(name: string, versionId?: string): Promise<string | undefined>;
  /** Like `read`, with whether this is the version that was written last, as far as AWS knows already. */
  readVersion(name: string, versionId: string): Promise<{ text: string; isLast: boolean } | undefined>;
  /** Ids of all versions that are still there, in no order; none where there is no secret. */
  versionIds(name: string): Promise<string[]>;
  /** Adds a version. The same version id with the same text again is a no-op. */
  put(
    name: string,
    text: string,
    versionId: string,
    signal?: AbortSignal,
  ): Promise<'kept' | 'no_such_secret'>;
  /** Like `put`, and makes the secret if there is none. */
  create(name: string, text: string, versionId: string, signal?: AbortSignal): Promise<void>;
  /** At once and for good, so that the name is free for a later link; resolves also when it is gone already. */
  delete(name: string): Promise<void>;
}

/** The stage that Secrets Manager gives to the version written last. */
const CURRENT = 'AWSCURRENT';

export function createSecrets(client: SecretsManagerClient): Secrets {
  const get = (SecretId: string, VersionId?: string) =>
    reaching(async () => {
      try {
        return await client.send(new GetSecretValueCommand({ SecretId, VersionId }));
      } catch (error) {
        if (error instanceof ResourceNotFoundException) return undefined;
        throw error;
      }
    });

  const secrets: Secrets = {
    read: async (name, versionId) => (await get(name, versionId))?.SecretString,

    async readVersion(name, versionId) {
      const { SecretString: text, VersionStages = [] } = (await get(name, versionId)) ?? {};
      return text === undefined ? undefined : { text, isLast: VersionStages.includes(CURRENT) };
    },

    versionIds: (name) =>
      reaching(async () => {
        try {
          const ids: string[] = [];
          // Deprecated versions, which have lost their stages, are there for a while as well.
          const query = { SecretId: name, IncludeDeprecated: true };
          for await (const { Versions = [] } of paginateListSecretVersionIds({ client }, query))
            for (const { VersionId } of Versions) if (VersionId !== undefined) ids.push(VersionId);
          return ids;
        } catch (error) {
          if (error instanceof ResourceNotFoundException) return [];
          throw error;
        }
      }),

    put: (name, text, versionId, abortSignal) =>
      reaching(async () => {
        try {
          await client.send(
            new PutSecretValueCommand({ SecretId: name, SecretString: text, ClientRequestToken: versionId }),
            { ...(abortSignal && { abortSignal }) },
          );
          return 'kept';
        } catch (error) {
          if (error instanceof ResourceNotFoundException) return 'no_such_secret';
          throw error;
        }
      }),

    async create(name, text, versionId, abortSignal) {
      if ((await secrets.put(name, text, versionId, abortSignal)) === 'kept') return;
      await reaching(async () => {
        try {
          await client.send(
            new CreateSecretCommand({ Name: name, SecretString: text, ClientRequestToken: versionId }),
            { ...(abortSignal && { abortSignal }) },
          );
        } catch (error) {
          // Somebody else, or our own first try whose answer was lost, made it meanwhile.
          if (!(error instanceof ResourceExistsException)) throw error;
          await secrets.put(name, text, versionId, abortSignal);
        }
      });
    },

    delete: (name) =>
      reaching(async () => {
        try {
          await client.send(new DeleteSecretCommand({ SecretId: name, ForceDeleteWithoutRecovery: true }));
        } catch (error) {
          if (!(error instanceof ResourceNotFoundException)) throw error;
        }
      }),
  };
  return secrets;
}

async function reaching<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    if (error instanceof LatchkeyError) throw error;
    const name = error instanceof Error ? error.name : 'unknown error';
    throw new LatchkeyError('store_unavailable', `Secrets Manager: ${name}`, { cause: error });
  }
}
