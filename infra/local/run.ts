/** `npm start`. Exit codes: 0 stopped by a signal, 1 could not start, 2 called with arguments, or an environment, it does not understand. */
import { resolve } from 'node:path';
import { LatchkeyError } from '../../shared/domain/error.ts';
import { displayNames, ProviderName } from '../../shared/domain/provider-name.ts';
import { type CommandLine, parseCommandLine, usage } from './command-line.ts';
import { type Elsewhere, readElsewhere } from './elsewhere.ts';
import type { Latchkey } from './start.ts';

/** npm passes on the Ctrl-C that the terminal has sent already: two signals this close together are one wish. */
const SAME_WISH_MS = 500;
const INTERRUPTED = 130;
const PARENT_WATCH_MS = 500;

async function main(): Promise<void> {
  const wish = parseCommandLine(process.argv.slice(2));
  if ('problem' in wish) return fail(wish.problem, 2);
  if (wish.help) {
    process.stdout.write(usage);
    return;
  }
  const elsewhere = readElsewhere(process.env);
  if ('problem' in elsewhere) return fail(elsewhere.problem, 2);
  // Whoever reads the output may leave before us; that is no reason to stop.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});
  const startedAt = performance.now();
  const onStop = listenForStop();
  const latchkey = await start(wish, elsewhere);
  onStop(latchkey);
  report(latchkey, wish, seconds(startedAt));
}

async function start({ port, fresh }: CommandLine, elsewhere: Elsewhere): Promise<Latchkey> {
  const progress = begin('loading');
  // Loaded only now: the CDK takes a second, and neither `--help` nor a mistyped option needs it.
  const { startLatchkey } = await import('./start.ts');
  progress();
  return startLatchkey({
    statePath: resolve('.latchkey'),
    port,
    fresh,
    elsewhere,
    progress: begin,
    log: (line) => process.stderr.write(`latchkey: ${line}\n`),
  });
}

function begin(step: string): () => void {
  const startedAt = performance.now();
  process.stderr.write(`${step}… `);
  return () => void process.stderr.write(`${seconds(startedAt)}\n`);
}

function seconds(sinceMs: number): string {
  return `${((performance.now() - sinceMs) / 1000).toFixed(1)} s`;
}

/** Before it is ready there is nothing to end properly; afterwards the first signal lets functions finish. */
function listenForStop(): (latchkey: Latchkey) => void {
  let latchkey: Latchkey | undefined;
  let stoppingSince: number | undefined;
  const stop = () => {
    if (!latchkey) process.exit(INTERRUPTED);
    if (stoppingSince !== undefined) {
      if (performance.now() - stoppingSince > SAME_WISH_MS) process.exit(INTERRUPTED);
      return;
    }
    stoppingSince = performance.now();
    process.stderr.write('\nstopping; once more to stop at once\n');
    latchkey.close().then(
      () => process.exit(0),
      (error: unknown) => fail(String(error), 1),
    );
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  if (process.env.npm_lifecycle_event !== undefined) onParentGone(stop);
  return (ready) => {
    latchkey = ready;
  };
}

/** npm puts a shell between itself and us, which dies of the signal that npm sends it and does not pass it on. */
function onParentGone(stop: () => void): void {
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    stop();
  }, PARENT_WATCH_MS).unref();
}

function report(latchkey: Latchkey, { json }: CommandLine, took: string): void {
  const { api, token, providers } = latchkey;
  if (json) {
    process.stdout.write(`${JSON.stringify({ api, token, providers })}\n`);
    return;
  }
  process.stdout.write(`
Latchkey is ready (${took}). Ctrl-C stops it; what it knows is kept in .latchkey/

  API            ${api}
  access token   ${token}
  OpenAPI        ${api}/openapi.json
${ProviderName.options.map((name) => describeCloud(name, latchkey)).join('\n')}
  inside         ${api}/_local/functions

Link a home: run this, then open the url of its answer in a browser

  curl -s ${api}/v1/links -H 'authorization: Bearer ${token}' \\
    -H 'content-type: application/json' -d '{"provider":"legrand","owner":"me"}'

`);
}

function describeCloud(name: ProviderName, { clouds }: Latchkey): string {
  const cloud = clouds[name];
  const line = `  ${displayNames[name].padEnd(14)} ${cloud.url}`;
  if (!('person' in cloud)) return line;
  const { login, password } = cloud.person;
  return `${line}   simulated: sign in as ${login} / ${password}, switches under /_sim/`;
}

function fail(problem: string, exitCode: number): never {
  process.stderr.write(`latchkey: ${problem}\n`);
  process.exit(exitCode);
}

main().catch((error: unknown) => {
  if (!(error instanceof LatchkeyError)) throw error;
  process.stderr.write('\n');
  fail(error.message, 1);
});
