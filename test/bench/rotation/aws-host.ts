/**
 * One of AWS' stores, the local cloud's, in a process of its own: counts calls at the wire, and notes when something
 * became durable.
 */
import type { AwsCall } from '../../../infra/local/aws/aws-endpoint.ts';
import { startDynamodb } from '../../../infra/local/dynamodb.ts';
import { startSecretsManager } from '../../../infra/local/secrets-manager.ts';
import { accountPartition } from '../../../shared/store/keys.ts';
import { declaredTable } from '../../shared/declared-table.ts';
import { answerParent, createCpuClock } from '../child.ts';
import { nowMs } from './moments.ts';

const cpuMs = createCpuClock();
let calls: Record<string, number> = {};
/** When a text was first stored, epoch ms: a secret's, or one that an update gives to an attribute. */
const storedAt = new Map<string, number>();

const watch = {
  async before(call: AwsCall) {
    const name = nameOf(call);
    calls[name] = (calls[name] ?? 0) + 1;
  },
  async after({ action, input }: AwsCall) {
    if (action === 'PutSecretValue') note(String(input.SecretString));
    if (action === 'UpdateItem') {
      const values = Object.values(input.ExpressionAttributeValues as Record<string, { S?: string }>);
      for (const { S: text } of values) if (text !== undefined) note(text);
    }
  },
  count: () => {},
};

/** What is done to an item that is no account's, but shared by many, is told apart: `UpdateItem (shared)`. */
function nameOf({ action, input }: AwsCall): string {
  const { pk } = (input.Key ?? input.Item ?? {}) as { pk?: { S: string } };
  return pk && !pk.S.startsWith(accountPartition('')) ? `${action} (shared)` : action;
}

function note(text: string): void {
  if (!storedAt.has(text)) storedAt.set(text, nowMs());
}

const starts = {
  dynamodb: () => startDynamodb({ table: declaredTable(), watch }),
  'secrets-manager': () => startSecretsManager({ watch }),
};
export type AwsHostKind = keyof typeof starts;

const store = await starts[process.argv[2] as AwsHostKind]();

const questions = {
  url: () => store.url,
  tableName: () => declaredTable().TableName,
  /** CPU time and calls by action, both since it was last asked. */
  usage() {
    const usage = { cpuMs: cpuMs(), calls };
    calls = {};
    return usage;
  },
  storedAt: () => storedAt,
};
export type AwsHostQuestions = typeof questions;

answerParent(questions);
