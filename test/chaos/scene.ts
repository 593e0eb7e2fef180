/** The servers that one account lives on, and a place at each of their calls where something can be done. */
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { type AwsCall, ConnectionCut, type Watch } from '../../infra/local/aws/aws-endpoint.ts';
import { createFaults } from '../../infra/local/aws/faults.ts';
import type { TableDefinition } from '../../infra/local/dynamodb/dynamodb-table.ts';
import { startDynamodb } from '../../infra/local/dynamodb.ts';
import { startSecretsManager } from '../../infra/local/secrets-manager.ts';
import { accountIdFor } from '../../shared/domain/ids.ts';
import type { VaultKind } from '../../shared/domain/vault-kind.ts';
import type { RotationMode } from '../shared/vault/token-family.ts';
import { startTokenServer } from '../shared/vault/token-server.ts';
import { type Call, exchangeCall, nameCall } from './calls.ts';
import { names, type Surroundings } from './orders.ts';
import { createClock } from './scene-clock.ts';

/** Whose calls are watched, as the servers tell them apart. */
const callers = ['first', 'other'] as const;
export type Caller = (typeof callers)[number];

/** What is done at a call; whoever throws a {@link ConnectionCut} leaves the caller without an answer. */
export type Interruption = (call: Call, phase: 'before' | 'done') => Promise<void> | void;

export type Scene = Awaited<ReturnType<typeof openScene>>;

export interface Setting {
  readonly mode: RotationMode;
  readonly vault: VaultKind;
}

export interface Stagehand {
  readonly table: TableDefinition;
  /** For clocks. */
  readonly folder: string;
}

export async function openScene({ mode, vault }: Setting, { table, folder }: Stagehand) {
  const faults = createFaults();
  const calls: Record<Caller, Call[]> = { first: [], other: [] };
  const interruptions: Partial<Record<Caller, Interruption>> = {};
  const clock = createClock(join(folder, `clock-${randomUUID()}`));

  async function arrive(caller: Caller, named: Omit<Call, 'index'>): Promise<Call> {
    const call = { ...named, index: calls[caller].length };
    calls[caller].push(call);
    await interruptions[caller]?.(call, 'before');
    return call;
  }
  const done = async (caller: Caller, call: Call) => await interruptions[caller]?.(call, 'done');

  const arrived = new WeakMap<AwsCall, Call>();
  const watch: Watch = {
    async before(call) {
      const caller = callerNamed(call.accessKeyId);
      if (caller) arrived.set(call, await arrive(caller, nameCall(call)));
      await faults.strike(call, '', 'before');
    },
    async after(call) {
      await faults.strike(call, '', 'after');
      const caller = callerNamed(call.accessKeyId);
      const found = arrived.get(call);
      if (caller && found) await done(caller, found);
    },
    /** A call that is refused comes to its answer without passing `after`. */
    count(call, { isRefused }) {
      const caller = callerNamed(call.accessKeyId);
      const last = caller && calls[caller].at(-1);
      if (isRefused && last) done(caller, last).catch(unlessCut);
    },
  };
  const exchanging: Partial<Record<Caller, Call>> = {};
  const tokenServer = await startTokenServer(mode, {
    async before(path) {
      const caller = callerNamed(path.split('/')[1]);
      if (caller) exchanging[caller] = await arrive(caller, exchangeCall);
    },
    async after(path) {
      const caller = callerNamed(path.split('/')[1]);
      const call = caller && exchanging[caller];
      if (call) await done(caller, call);
    },
  });
  const dynamodb = await startDynamodb({ table: { ...table, TableName: names.table }, watch });
  const secretsManager = await startSecretsManager({ watch });
  const { clientId, clientSecret } = tokenServer.facts;
  const legrand = { clientId, clientSecret, subscriptionKey: 'any' };
  await secretsManager.write(names.appSecret, JSON.stringify({ rootKey: 'r'.repeat(64), legrand }));

  return {
    accountId: accountIdFor('legrand', randomUUID(), 'subject'),
    tokenServer,
    dynamodbUrl: dynamodb.url,
    faults,
    calls,
    clock,
    secretTextOf: (accountId: string) => secretsManager.read(names.accountSecrets + accountId),

    surroundingsOf: (caller: Caller, stackId = 'stack-1'): Surroundings => ({
      vault,
      stackId,
      dynamodbUrl: dynamodb.url,
      secretsManagerUrl: secretsManager.url,
      loginUrl: `${new URL(tokenServer.apiUrl).origin}/${caller}`,
      apiUrl: tokenServer.apiUrl,
      accessKeyId: caller,
      clockFile: clock.file,
    }),

    /** From the next call on; one at a time for each caller. */
    interrupt(caller: Caller, interruption: Interruption): void {
      interruptions[caller] = interruption;
    },

    async close(): Promise<void> {
      await Promise.all([tokenServer.close(), dynamodb.close(), secretsManager.close()]);
    },
  };
}

function callerNamed(name: string | undefined): Caller | undefined {
  return callers.find((caller) => caller === name);
}

function unlessCut(error: unknown): void {
  if (!(error instanceof ConnectionCut)) throw error;
}

export function cutConnection(): never {
  throw new ConnectionCut('the process died');
}
