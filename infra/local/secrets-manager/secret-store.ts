import { ClassicLevel } from 'classic-level';
import { LatchkeyError } from '../../../shared/domain/error.ts';
import { refusal } from '../aws/aws-refusal.ts';
import { isNamedBy, SecretRecord } from './secret-record.ts';

export type SecretStore = Awaited<ReturnType<typeof openSecretStore>>;

/**
 * All secrets, in memory and, with a path, on disk: whatever `save` and `forget` have resolved for survives a killed
 * process.
 * @throws {LatchkeyError} config_invalid – when the folder is in use or cannot be written
 */
export async function openSecretStore(path: string | undefined, now: () => number) {
  const level = path === undefined ? undefined : await open(path);
  const secrets = new Map<string, SecretRecord>();
  if (level) {
    for await (const [name, stored] of level.iterator())
      secrets.set(name, SecretRecord.parse(JSON.parse(stored)));
  }
  /** A secret whose recovery window is over is gone, though its name may still be on disk. */
  const isThere = ({ deletion }: SecretRecord) => !deletion || deletion.dueAtEpochMs > now();

  function find(secretId: string): SecretRecord | undefined {
    const secret = secrets.get(secretId) ?? [...secrets.values()].find((one) => isNamedBy(one, secretId));
    return secret && isThere(secret) ? secret : undefined;
  }

  /** @throws {AwsRefusal} ResourceNotFoundException */
  function known(secretId: string): SecretRecord {
    const secret = find(secretId);
    if (secret) return secret;
    throw refusal('ResourceNotFoundException', "Secrets Manager can't find the specified secret.");
  }

  /** @throws {AwsRefusal} ResourceNotFoundException, or InvalidRequestException while it waits for its deletion */
  function usable(secretId: string): SecretRecord {
    const secret = known(secretId);
    if (!secret.deletion) return secret;
    const message = "You can't perform this operation on the secret because it was marked for deletion.";
    throw refusal('InvalidRequestException', message);
  }

  return {
    all: () => [...secrets.values()].filter(isThere).toSorted((a, b) => (a.name < b.name ? -1 : 1)),
    find,
    known,
    usable,
    async save(secret: SecretRecord): Promise<SecretRecord> {
      await level?.put(secret.name, JSON.stringify(secret));
      secrets.set(secret.name, secret);
      return secret;
    },
    async forget(name: string): Promise<void> {
      await level?.del(name);
      secrets.delete(name);
    },
    close: async () => level?.close(),
  };
}

async function open(path: string): Promise<ClassicLevel> {
  const level = new ClassicLevel(path);
  await level.open().catch((cause: Error) => {
    const reason = cause.cause instanceof Error ? cause.cause.message : cause.message;
    throw new LatchkeyError('config_invalid', `${path} cannot be opened: ${reason}`, { cause });
  });
  return level;
}
