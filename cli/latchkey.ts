/**
 * `latchkey`: keeps a copy of everything in a database on your own premises. Exit codes: 0 done, or stopped as asked;
 * 1 either side refuses, and somebody has to do something; 2 wrong arguments.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { ApiProblem, connectApi } from './api.ts';
import { openSink, TARGETS } from './sync/open-sink.ts';
import { createReport } from './sync/report.ts';
import { runSync } from './sync/run-sync.ts';
import { type Sink, SinkProblem } from './sync/sink.ts';
import { createSource, type Source } from './sync/source.ts';

const usage = `latchkey sync   [--to TARGET] [--api URL] [--token lk_…] [--once] [--json]
latchkey status [--to TARGET] [--api URL] [--token lk_…] [--json]

  sync     copies accounts, plants, modules, readings and events into TARGET, and goes on with what happens until it is
           stopped (Ctrl-C); stopped at any moment, the next run goes on where this one was
  status   tells how far the copy in TARGET has come, and what it lacks
  --to     ${TARGETS};
           default $LATCHKEY_TARGET, else file:./latchkey-data
  --api    where the API is; default $LATCHKEY_API, else http://127.0.0.1:4010
  --token  an access token that may read what is to be copied, with accounts.read and events.read;
           default $LATCHKEY_TOKEN
  --once   ends when everything that is there now is copied
  --json   one JSON object a line on standard output

Progress goes to standard error. Exit codes: 0 done, or stopped as asked; 1 the API or the target refuses, and somebody
has to do something; 2 wrong arguments. What is only away (an outage of either side) is waited for.
`;

interface Wish {
  readonly command: 'sync' | 'status';
  readonly sink: Sink;
  readonly source: Source;
  readonly once: boolean;
  readonly json: boolean;
  /** Aborts when the program is to stop. */
  readonly stop: AbortSignal;
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
    return wish.command === 'sync' ? await sync(wish) : await status(wish);
  } finally {
    await wish.sink.close();
  }
}

async function sync({ sink, source, once, json, stop }: Wish): Promise<number> {
  const report = createReport({ sink: sink.name, json });
  await runSync({ source, sink, once, signal: stop, now: Date.now, report: report.tell });
  report.end();
  return 0;
}

async function status({ sink, source, json }: Wish): Promise<number> {
  const progress = await sink.readProgress();
  if (!progress) {
    process.stdout.write(json ? '{"phase":"empty"}\n' : `${sink.name}: nothing has been copied yet\n`);
    return 0;
  }
  const { events } = await source.events(progress.cursor, 1, 0);
  const [pending] = events;
  const lagSeconds = pending ? Math.max(0, Math.round((Date.now() - Date.parse(pending.time)) / 1000)) : 0;
  if (json) process.stdout.write(`${JSON.stringify({ target: sink.name, ...progress, lagSeconds })}\n`);
  else {
    process.stdout.write(
      [
        `${sink.name}: ${progress.phase}, ${progress.events} events, the last of ${progress.lastEventAt ?? 'never'}`,
        `written last at ${progress.updatedAt}; ${pending ? `${lagSeconds} s behind` : 'nothing is missing'}`,
        '',
      ].join('\n'),
    );
  }
  return 0;
}

function readArguments(args: string[]): Wish | string {
  const options = {
    to: { type: 'string' },
    api: { type: 'string' },
    token: { type: 'string' },
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
  if ((command !== 'sync' && command !== 'status') || more.length > 0)
    return 'what is to be done: sync or status?';
  const token = values.token ?? process.env.LATCHKEY_TOKEN;
  if (!token) return 'an access token is needed: --token or $LATCHKEY_TOKEN';
  const url = values.api ?? process.env.LATCHKEY_API ?? 'http://127.0.0.1:4010';
  if (!URL.canParse(url)) return `--api ${url} is not a URL`;
  const target = values.to ?? process.env.LATCHKEY_TARGET ?? 'file:./latchkey-data';
  const sink = openSink(target);
  if (!sink) return `--to ${target} is none of ${TARGETS}`;
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort());
  const source = createSource(connectApi(url, token, stop.signal));
  const { once = false, json = false } = values;
  return { command, sink, source, once, json, stop: stop.signal };
}

main().then(
  (exitCode) => {
    process.exitCode = exitCode;
  },
  async (error: unknown) => {
    const isKnown = error instanceof SinkProblem || error instanceof ApiProblem;
    process.stderr.write(
      `\nlatchkey: ${isKnown ? error.message : error instanceof Error ? error.stack : error}\n`,
    );
    process.exitCode = 1;
    // What hangs on to a connection must not keep the program from ending.
    await pause(1_000, undefined, { ref: false });
    process.exit();
  },
);
