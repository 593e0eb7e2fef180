/** What leaves a worker and what comes back, as values: every call is a step that somebody else may let happen. */
import {
  ConditionalCheckFailedException,
  DynamoDBClient,
  GetItemCommand,
  QueryCommand,
} from '@aws-sdk/client-dynamodb';
import {
  GetSecretValueCommand,
  ListSecretVersionIdsCommand,
  ResourceExistsException,
  ResourceNotFoundException,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { LatchkeyError } from '../../../../shared/domain/error.ts';
import type { ProviderAnswer, ProviderRequest, Send } from '../../../../shared/providers/request.ts';
import type { Sleep } from '../../../../shared/vault/patience.ts';

export interface AwsCommand {
  readonly input: object;
}

export type Call =
  | { readonly to: 'table' | 'secrets'; readonly command: AwsCommand }
  | { readonly to: 'provider'; readonly request: ProviderRequest }
  | { readonly to: 'clock'; readonly wakeAtMs: number };

/** `no answer`: the call may have had its effect or not. `not connected`: it cannot have had any. */
export type Refusal =
  | 'ConditionalCheckFailedException'
  | 'ResourceNotFoundException'
  | 'ResourceExistsException'
  | 'ValidationException'
  | 'no answer'
  | 'not connected';

export function isRead(call: Call): boolean {
  if (call.to !== 'table' && call.to !== 'secrets') return false;
  const { command } = call;
  return (
    command instanceof GetItemCommand ||
    command instanceof QueryCommand ||
    command instanceof GetSecretValueCommand ||
    command instanceof ListSecretVersionIdsCommand
  );
}

export type Answer = { readonly value: unknown } | { readonly refusal: Refusal };

export type Ask = (call: Call) => Promise<Answer>;

/** Clients are never sent anywhere; making one takes a millisecond, so there is one of each. */
const nowhere = { region: 'eu-west-1', credentials: { accessKeyId: 'none', secretAccessKey: 'none' } };
const dynamodbNowhere = new DynamoDBClient(nowhere);
const secretsNowhere = new SecretsManagerClient(nowhere);

/** The clients of one worker; everything above them is the real code. */
export function connect(ask: Ask): {
  dynamodb: DynamoDBClient;
  secretsManager: SecretsManagerClient;
  send: Send;
} {
  const sendTo = (to: 'table' | 'secrets') => async (command: AwsCommand) =>
    received(await ask({ to, command }), awsError);
  return {
    dynamodb: Object.create(dynamodbNowhere, { send: { value: sendTo('table') } }),
    secretsManager: Object.create(secretsNowhere, { send: { value: sendTo('secrets') } }),
    send: async (request) =>
      received(await ask({ to: 'provider', request }), connectionError) as ProviderAnswer,
  };
}

/** The clock stands still between steps, and a pause ends when somebody lets it end, but never before its time. */
export function sleepBy(ask: Ask, now: () => number, leastMs: number): Sleep {
  return async (ms) => {
    await ask({ to: 'clock', wakeAtMs: now() + Math.max(ms, leastMs) });
  };
}

function received(answer: Answer, toError: (refusal: Refusal) => Error): unknown {
  if ('value' in answer) return answer.value;
  throw toError(answer.refusal);
}

function awsError(refusal: Refusal): Error {
  const options = { message: refusal, Message: refusal, $metadata: {} };
  if (refusal === 'ConditionalCheckFailedException') return new ConditionalCheckFailedException(options);
  if (refusal === 'ResourceNotFoundException') return new ResourceNotFoundException(options);
  if (refusal === 'ResourceExistsException') return new ResourceExistsException(options);
  const name = refusal === 'ValidationException' ? refusal : 'TimeoutError';
  return Object.assign(new Error(refusal), { name, $metadata: {} });
}

/** As `sendOnce` throws it. */
function connectionError(refusal: Refusal): Error {
  return new LatchkeyError('provider_unavailable', refusal, {
    details: { sent: refusal !== 'not connected' },
  });
}
