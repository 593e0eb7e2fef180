/**
 * `latchkey`: keeps a copy of everything in a database on your own premises, and proves it. Exit codes: 0 done, or stopped
 * as asked; 1 either side refuses, and somebody has to do something; 2 wrong arguments; 3 the copy is not what it should be.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { ApiProblem, connectApi } from './api.ts';
import { openSink, TARGETS } from './sync/open-sink.ts';
import { readSince } from './sync/since.ts';
import { type Sink, SinkProblem } from './sync/sink.ts';
import { status } from './sync/status-command.ts';
import { dryRun, sync } from './sync/sync-command.ts';
import { Stopped } from './verify/patience.ts';
import { verify } from './verify/verify.ts';

const usage = `latchkey sync   [--to TARGET] [--api URL] [--token lk_…] [--since TIME] [--once] [--json]
latchkey sync   --since TIME --dry-run [--to TARGET] [--api URL] [--token lk_…] [--json]
latchkey status [--to TARGET] [--api URL] [--token lk_…] [--json]
latchkey verify [--to TARGET] [--api URL] [--token lk_…] [--repair] [--json]

  sync      copies accounts, plants, modules, readings and events into TARGET, and goes on with what happens until it is
            stopped (Ctrl-C); stopped at any moment, the next run goes on where this one was
  status    tells how far the copy in TARGET has come, and what it lacks
  verify    compares the copy, as far as it has come, with what it is a copy of, and tells what is missing, extra or
            changed. It reads digests of the source, and of the rest only what differs; a sync may go on meanwhile
  --to      ${TARGETS};
            default $LATCHKEY_TARGET, else file:./latchkey-data
  --api     where the API is; default $LATCHKEY_API, else http://127.0.0.1:4010
  --token   an access token that may read what is to be copied, with accounts.read and events.read;
            default $LATCHKEY_TOKEN
  --since   brings in the past as well that the providers themselves kept, from then on: a date such as 2025-01-01
            (midnight UTC) or a time such as 2025-01-01T12:00:00Z. It tells beforehand how many calls to the providers
            that takes, and keeps within their budgets; what is there already is not fetched again
  --dry-run tells what --since would take, and does nothing
  --repair  mends what differs, just that, and compares again; a copy in files must not be written by a sync meanwhile
  --once    ends when everything that is there now is copied
  --json    one JSON object a line on standard output; of verify, one object

Progress goes to standard error. Exit codes: 0 done, or stopped as asked; 1 the API or the target refuses, and somebody
has to do something, or verify was stopped before it was finished; 2 wrong arguments; 3 verify found differences that
are there still, or no whole copy. What is only away (an outage of either side) is waited for.
`;

const commands = ['sync', 'status', 'verify'] as const;
type Command = (typeof commands)[number];

function isCommand(word: string | undefined): word is Command {
  return commands.some((command) => command === word);
}

interface Wish {
  readonly sink: Sink;
  run(): Promise<number>;
}

async function main(): Promise<number> {
  const wish = readArguments(process.argv.slice(2));
  if (wish === 'help') {
    process.stdout.write(usage);
    return 0;
  }
  if (typeof wish === 'string') {
    process.stderr.write(`latchkey: ${wish}; see --help\n`);
    return 2;
  }
  try {
    return await wish.run();
  } finally {
    await wish.sink.close();
  }
}

function readArguments(args: string[]): Wish | string {
  const options = {
    to: { type: 'string' },
    api: { type: 'string' },
    token: { type: 'string' },
    since: { type: 'string' },
    'dry-run': { type: 'boolean' },
    repair: { type: 'boolean' },
    once: { type: 'boolean' },
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
  const [command, ...more] = positionals;
  if (!isCommand(command) || more.length > 0) return `what is to be done: ${commands.join(', ')}?`;
  const { once = false, json = false, repair = false, 'dry-run': isDry = false, since } = values;
  if (command !== 'sync' && once) return '--once is for sync';
  if (command !== 'verify' && repair) return '--repair is for verify';
  if (command !== 'sync' && (since !== undefined || isDry)) return '--since and --dry-run are for sync';
  if (isDry && since === undefined) return '--dry-run tells what --since would take, which is missing';
  const sinceEpochMs = since === undefined ? undefined : readSince(since, Date.now());
  if (typeof sinceEpochMs === 'string') return sinceEpochMs;
  const token = values.token ?? process.env.LATCHKEY_TOKEN;
  if (!token) return 'an access token is needed: --token or $LATCHKEY_TOKEN';
  const url = values.api ?? process.env.LATCHKEY_API ?? 'http://127.0.0.1:4010';
  if (!URL.canParse(url)) return `--api ${url} is not a URL`;
  const target = values.to ?? process.env.LATCHKEY_TARGET ?? 'file:./latchkey-data';
  const sink = openSink(target);
  // It is not said again: there may be a password in it.
  if (!sink) return `what --to names is none of ${TARGETS}`;
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort());
  const api = connectApi(url, token, stop.signal);
  if (command === 'status') return { sink, run: () => status({ sink, api, json }) };
  if (command === 'verify')
    return { sink, run: () => verify({ sink, api, repair, json, signal: stop.signal }) };
  const order = { sink, api, once, json, stop: stop.signal };
  return {
    sink,
    run: () =>
      isDry && sinceEpochMs !== undefined
        ? dryRun({ ...order, sinceEpochMs })
        : sync({ ...order, sinceEpochMs }),
  };
}

main().then(
  (exitCode) => {
    process.exitCode = exitCode;
  },
  async (error: unknown) => {
    const isKnown = [SinkProblem, ApiProblem, Stopped].some((kind) => error instanceof kind);
    process.stderr.write(
      `\nlatchkey: ${error instanceof Error ? (isKnown ? error.message : error.stack) : error}\n`,
    );
    process.exitCode = 1;
    // What hangs on to a connection must not keep the program from ending.
    await pause(1_000, undefined, { ref: false });
    process.exit();
  },
);
