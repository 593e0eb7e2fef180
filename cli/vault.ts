/**
 * `npm run vault`: works through all accounts of a deployment, over its API. Exit codes: 0 every account is as wished,
 * 1 some are not (their number and reason are told), 2 wrong arguments.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { AccountView, MoveView } from '../shared/api/views.ts';
import type { MoveOutcome } from '../shared/domain/vault-kind.ts';
import { type Api, ApiProblem, connectApi } from './api.ts';

const usage = `npm run vault -- move  [--api URL] [--token lk_…] [--patience SECONDS] [--json]
npm run vault -- claim [--api URL] [--token lk_…] [--json]

  move       brings every account's tokens into the vault of the stage's settings ("secrets" or "sealed"), sealed with
             the newest key. Accounts stay in use meanwhile; cut off at any moment, it can be run again.
  claim      makes the accounts of another deployment (one that is gone for good) this deployment's
  --api      where the API is; default $LATCHKEY_API, else http://127.0.0.1:4010
  --token    a workspace access token; default $LATCHKEY_TOKEN
  --patience how long to come back to accounts that are busy, seconds; default 300
  --json     one object on standard output: {"accounts", and the number of each outcome}

Progress goes to standard error. Exit codes: 0 every account is as wished, 1 some are not, 2 wrong arguments.
`;

/** `failed`: the API gave a problem, which is told on standard error. */
type Outcome = MoveOutcome | 'claimed' | 'failed';
type Work = (api: Api, accountId: string) => Promise<Outcome>;

const works: Readonly<Record<string, Work>> = {
  move: async (api, accountId) => (await api.post(`/v1/accounts/${accountId}/move`, MoveView)).outcome,
  claim: async (api, accountId) => {
    await api.post(`/v1/accounts/${accountId}/claim`, AccountView);
    return 'claimed';
  },
};
/** What is left to somebody: to a later run, to the operator. A dead account moves when its owner links it again. */
const unfinished: readonly Outcome[] = ['busy', 'foreign', 'failed'];

/** Accounts worked on at a time. */
const LANES = 8;
/** A lease is over by then, and what was busy has been rotated. */
const BUSY_PAUSE_MS = 15_000;

interface Wish {
  readonly work: Work;
  readonly api: string;
  readonly token: string;
  readonly patienceMs: number;
  readonly json: boolean;
}

async function main(): Promise<number> {
  const wish = readArguments(process.argv.slice(2));
  if (wish === 'help') {
    process.stdout.write(usage);
    return 0;
  }
  if (typeof wish === 'string') {
    process.stderr.write(`vault: ${wish}\n\n${usage}`);
    return 2;
  }
  const counts = await workThroughAll(wish);
  const total = Object.values(counts).reduce((sum, count) => sum + count, 0);
  const told = Object.entries(counts).map(([outcome, count]) => `${count} ${outcome}`);
  process.stdout.write(
    wish.json
      ? `${JSON.stringify({ accounts: total, ...counts })}\n`
      : `${total} accounts: ${told.join(', ') || 'none'}\n`,
  );
  return unfinished.some((outcome) => (counts[outcome] ?? 0) > 0) ? 1 : 0;
}

async function workThroughAll({
  work,
  patienceMs,
  ...wish
}: Wish): Promise<Partial<Record<Outcome, number>>> {
  const api = connectApi(wish.api, wish.token);
  const counts: Partial<Record<Outcome, number>> = {};
  const startedAt = performance.now();
  let busy: string[] = [];
  const workThrough = async (accountIds: AsyncIterator<string>) => {
    const lane = async () => {
      for (;;) {
        const { done, value } = await accountIds.next();
        if (done) return;
        const outcome = await attempt(api, work, value);
        if (outcome === 'busy') busy.push(value);
        counts[outcome] = (counts[outcome] ?? 0) + 1;
        report(counts, startedAt);
      }
    };
    await Promise.all(Array.from({ length: LANES }, lane));
  };

  await workThrough(api.accountIds());
  while (busy.length > 0 && performance.now() - startedAt < patienceMs) {
    process.stderr.write(`\n${busy.length} are busy; coming back to them\n`);
    await pause(BUSY_PAUSE_MS);
    const again = busy;
    busy = [];
    delete counts.busy;
    await workThrough(iterate(again));
  }
  process.stderr.write('\n');
  return counts;
}

async function attempt(api: Api, work: Work, accountId: string): Promise<Outcome> {
  try {
    return await work(api, accountId);
  } catch (error) {
    if (!(error instanceof ApiProblem)) throw error;
    if (error.status === 404) return 'unlinked';
    process.stderr.write(`\n${accountId}: ${error.message}\n`);
    return 'failed';
  }
}

async function* iterate(items: readonly string[]): AsyncGenerator<string> {
  yield* items;
}

function report(counts: Partial<Record<Outcome, number>>, startedAt: number): void {
  const done = Object.values(counts).reduce((sum, count) => sum + count, 0);
  const rate = Math.round(done / Math.max(0.001, (performance.now() - startedAt) / 1000));
  const isTerminal = process.stderr.isTTY;
  if (isTerminal || done % 1000 === 0)
    process.stderr.write(`${isTerminal ? '\r' : ''}${done} accounts, ${rate}/s${isTerminal ? ' ' : '\n'}`);
}

function readArguments(args: string[]): Wish | string {
  const options = {
    api: { type: 'string' },
    token: { type: 'string' },
    patience: { type: 'string' },
    json: { type: 'boolean' },
    help: { type: 'boolean' },
  } as const;
  let parsed: ReturnType<typeof parseArgs<{ options: typeof options; allowPositionals: true }>>;
  try {
    parsed = parseArgs({ args, options, allowPositionals: true });
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  const { positionals, values } = parsed;
  if (values.help) return 'help';
  const work = works[positionals[0] ?? ''];
  if (!work || positionals.length > 1) return `what is to be done: ${Object.keys(works).join(' or ')}?`;
  const token = values.token ?? process.env.LATCHKEY_TOKEN;
  if (!token) return 'an access token is needed: --token or $LATCHKEY_TOKEN';
  const api = values.api ?? process.env.LATCHKEY_API ?? 'http://127.0.0.1:4010';
  if (!URL.canParse(api)) return `--api ${api} is not a URL`;
  const patience = Number(values.patience ?? 300);
  if (!(patience >= 0)) return `--patience ${values.patience} is not a number of seconds`;
  return { work, api, token, patienceMs: patience * 1000, json: values.json ?? false };
}

main().then(
  (exitCode) => {
    process.exitCode = exitCode;
  },
  (error: unknown) => {
    process.stderr.write(`\nvault: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  },
);
