/** What a process of the matrix can do, with the very composition of the deployed functions. */
import { subscribe } from 'node:diagnostics_channel';
import type { IncomingMessage } from 'node:http';
import type { Context } from 'aws-lambda';
import { functionPlan } from '../../infra/function-plan.ts';
import { rotateTokens } from '../../shared/actions/rotate-tokens.ts';
import type { TokenPointer } from '../../shared/domain/token-pointer.ts';
import { noteInvocation } from '../../shared/runtime/deadline.ts';
import { connectHome, type Home } from '../../shared/runtime/dependencies.ts';
import { scheduleEntry } from '../../shared/runtime/schedule-entry.ts';
import { toTokenSet } from '../../shared/vault/token-set.ts';
import { anAccount } from '../shared/store/samples.ts';
import type { TokenPair } from '../shared/vault/token-family.ts';
import {
  type Fate,
  NEXT_ROTATION_MS,
  names,
  type Order,
  type Proof,
  type Reply,
  type Results,
  type Settle,
  type Stored,
  type Surroundings,
  type Task,
} from './orders.ts';
import { openClock, type SceneClock } from './scene-clock.ts';
import { readStored } from './stored.ts';

const MINUTE_MS = 60_000;

export async function perform(
  { surroundings, task }: Order,
  tell: (reply: Reply) => void,
): Promise<Results[Task['kind']]> {
  Object.assign(process.env, environmentOf(surroundings));
  const clock = openClock(surroundings.clockFile);
  Date.now = clock.now;
  noteInvocation(invocation());
  switch (task.kind) {
    case 'link':
      return await link(task.accountId, task.pair);
    case 'unlink':
      return await unlink(task.accountId);
    case 'rotate':
      if (task.fate) meet(task.fate, tell);
      return await tick();
    case 'settle':
      return await settle(task, clock);
    case 'prove':
      return await prove(task.accountId, surroundings.apiUrl, clock);
  }
}

/**
 * The servers' clocks stay where they are when the scene's moves on: the SDK would take its own for wrong, and send once
 * more whatever was refused.
 */
subscribe('http.client.response.finish', (message) => {
  delete (message as { response: IncomingMessage }).response.headers.date;
});

/** What the templates give a function, and the SDK's standard variables. */
function environmentOf(surroundings: Surroundings): NodeJS.ProcessEnv {
  return {
    AWS_REGION: 'eu-west-1',
    AWS_ACCESS_KEY_ID: surroundings.accessKeyId,
    AWS_SECRET_ACCESS_KEY: 'any',
    AWS_ENDPOINT_URL_DYNAMODB: surroundings.dynamodbUrl,
    AWS_ENDPOINT_URL_SECRETS_MANAGER: surroundings.secretsManagerUrl,
    TABLE_NAME: names.table,
    APP_SECRET_ID: names.appSecret,
    ACCOUNT_SECRET_PREFIX: names.accountSecrets,
    VAULT: surroundings.vault,
    STACK_ID: surroundings.stackId,
    LATCHKEY_LEGRAND_LOGIN_URL: surroundings.loginUrl,
    LATCHKEY_LEGRAND_API_URL: surroundings.apiUrl,
    LATCHKEY_NETATMO_URL: surroundings.apiUrl,
    LATCHKEY_ALLTHINGSTALK_URL: surroundings.apiUrl,
    PUBLIC_URL: 'https://latchkey.example',
    DEFAULT_TIME_ZONE: 'Europe/Paris',
    RETENTION_DAYS_RAW: '400',
    RETENTION_DAYS_FIVE_MINUTES: '400',
    RETENTION_DAYS_HOUR: '1100',
    RETENTION_DAYS_DAY: '3700',
  };
}

/** As the platform describes it: a function is stopped when its time is over. */
function invocation(): Context {
  const endsAt = Date.now() + functionPlan['rotate-tokens'].timeoutSeconds * 1000;
  return { getRemainingTimeInMillis: () => endsAt - Date.now() } as Context;
}

/** As `functions/rotate-tokens.ts` has it, connected anew: nothing is known from a former run. */
async function tick(): Promise<undefined> {
  await scheduleEntry(connectHome, (home) => rotateTokens(withLegrandAlone(home)))({}, invocation());
}

async function* nothingDue(): AsyncGenerator<TokenPointer> {}

/** The other clouds' lanes run beside Legrand's, and when they look for what is due is told by nothing. */
function withLegrandAlone(home: Home): Home {
  const { pointers } = home.store;
  const due: typeof pointers.due = (provider, now) =>
    provider === 'legrand' ? pointers.due(provider, now) : nothingDue();
  return { ...home, store: { ...home.store, pointers: { ...pointers, due } } };
}

async function link(accountId: string, pair: TokenPair): Promise<undefined> {
  const { vault, store, factsOf } = await connectHome();
  const answer = { ...pair, expiresInSeconds: 3_600 };
  const set = toTokenSet(answer, factsOf('legrand'), { sentAtMs: Date.now() });
  await vault.adopt(accountId, { provider: 'legrand', subject: 'subject', scopes: [], set });
  await store.accounts.create(anAccount({ accountId }));
}

async function unlink(accountId: string): Promise<undefined> {
  const { vault, store } = await connectHome();
  await vault.forget(accountId);
  await store.accounts.forget(accountId);
}

async function settle(wish: Settle, clock: SceneClock): Promise<Stored> {
  const { store } = await connectHome();
  const endsAt = Date.now() + wish.patienceMs;
  for (let ticks = 1; ; ticks++) {
    await tick();
    const pointer = await store.pointers.get(wish.accountId);
    if (!pointer || pointer.generation > wish.generation) return await readStored(pointer);
    // The schedule ticks every minute. Ticks at which nothing is due are left out, and more and more of the others.
    const nextAt = Math.max(Date.now() + MINUTE_MS * 2 ** (ticks - 1), Date.parse(pointer.dueAt));
    if (nextAt > endsAt) return await readStored(pointer);
    clock.advance(nextAt - Date.now());
  }
}

async function prove(accountId: string, apiUrl: string, clock: SceneClock): Promise<Proof> {
  const { store, vault } = await connectHome();
  const found = await readStored(await store.pointers.get(accountId));
  const answer = await vault
    .session(accountId)
    .send({ method: 'GET', url: apiUrl })
    .catch(() => undefined);
  const generation = found.pointer?.generation ?? 0;
  const rotated = await settle(
    { kind: 'settle', accountId, generation, patienceMs: NEXT_ROTATION_MS },
    clock,
  );
  return { found, rotated, ...(answer && { apiStatus: answer.status }) };
}

/** Sees every answer when it has come whole, before whoever waits for it does. */
function meet({ answers, signal }: Fate, tell: (reply: Reply) => void): void {
  let count = 0;
  subscribe('http.client.response.finish', (message) => {
    const { response } = message as { response: IncomingMessage };
    response.once('end', () => {
      count += 1;
      if (count !== answers) return;
      if (signal === 'SIGSTOP') tell({ kind: 'stopping' });
      process.kill(process.pid, signal);
    });
  });
}
