/** What Secrets Manager does with one call, as a function from the secrets before to those after. Pure. */
import {
  CreateSecretCommand,
  DeleteSecretCommand,
  GetSecretValueCommand,
  ListSecretVersionIdsCommand,
  PutSecretValueCommand,
} from '@aws-sdk/client-secrets-manager';
import type { Answer, AwsCommand } from './call.ts';

interface StoredSecret {
  readonly current: string;
  /** Texts by version id. */
  readonly versions: Readonly<Record<string, string>>;
}

export type StoredSecrets = Readonly<Record<string, StoredSecret>>;

export interface SecretsEffect {
  readonly secrets: StoredSecrets;
  readonly answer: Answer;
}

/** @throws {TypeError} – when Secrets Manager is called in a way that is not modelled */
export function callSecrets(secrets: StoredSecrets, command: AwsCommand): SecretsEffect {
  if (command instanceof GetSecretValueCommand) return { secrets, answer: read(secrets, command) };
  if (command instanceof ListSecretVersionIdsCommand) return { secrets, answer: list(secrets, command) };
  if (command instanceof PutSecretValueCommand) return put(secrets, command);
  if (command instanceof CreateSecretCommand) return create(secrets, command);
  if (command instanceof DeleteSecretCommand) return remove(secrets, command);
  throw new TypeError(`${command.constructor.name} is not modelled`);
}

const notFound: Answer = { refusal: 'ResourceNotFoundException' };
const exists: Answer = { refusal: 'ResourceExistsException' };

function read(secrets: StoredSecrets, { input }: GetSecretValueCommand): Answer {
  const secret = secrets[input.SecretId ?? ''];
  const id = input.VersionId ?? secret?.current ?? '';
  const text = secret?.versions[id];
  if (text === undefined) return notFound;
  const VersionStages = id === secret?.current ? ['AWSCURRENT'] : undefined;
  return { value: { SecretString: text, VersionId: id, VersionStages } };
}

function list(secrets: StoredSecrets, { input }: ListSecretVersionIdsCommand): Answer {
  const secret = secrets[input.SecretId ?? ''];
  if (!secret) return notFound;
  return { value: { Versions: Object.keys(secret.versions).map((VersionId) => ({ VersionId })) } };
}

/** The same version with the same text again is a no-op, with another one a refusal. */
function put(secrets: StoredSecrets, { input }: PutSecretValueCommand): SecretsEffect {
  const { SecretId: name = '', SecretString: text = '', ClientRequestToken: id = '' } = input;
  const secret = secrets[name];
  if (!secret) return { secrets, answer: notFound };
  const former = secret.versions[id];
  if (former !== undefined) return { secrets, answer: former === text ? { value: {} } : exists };
  const next = { current: id, versions: { ...secret.versions, [id]: text } };
  return { secrets: { ...secrets, [name]: next }, answer: { value: {} } };
}

function create(secrets: StoredSecrets, { input }: CreateSecretCommand): SecretsEffect {
  const { Name: name = '', SecretString: text = '', ClientRequestToken: id = '' } = input;
  const secret = secrets[name];
  if (secret) return { secrets, answer: secret.versions[id] === text ? { value: {} } : exists };
  return {
    secrets: { ...secrets, [name]: { current: id, versions: { [id]: text } } },
    answer: { value: {} },
  };
}

function remove(secrets: StoredSecrets, { input }: DeleteSecretCommand): SecretsEffect {
  const { [input.SecretId ?? '']: secret, ...others } = secrets;
  return secret ? { secrets: others, answer: { value: {} } } : { secrets, answer: notFound };
}
