/** `npm run demo`: the whole job, once, against a local cloud of its own. Exit code 0 only if every step happened. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createBrowser } from './demo/browser.ts';
import { createClient } from './demo/client.ts';
import { createLegrandControls } from './demo/legrand-controls.ts';
import { emptyTrail, type Stage, steps } from './demo/steps.ts';
import { type Latchkey, startLatchkey } from './start.ts';

const HELP = `npm run demo [-- --json]

Starts Latchkey and a simulated Legrand cloud on free ports, with their state in a temporary folder, links an
account, takes in a change, sends a command, outwaits a busy thermostat, rotates a token, keeps to the quota and
unlinks again. Takes about half a minute.

  --json   one JSON object a step: {step, ok, seconds, seen}
  --help   this text
`;

interface Outcome {
  readonly step: string;
  readonly ok: boolean;
  readonly seconds: number;
  readonly seen: string;
}

async function main(): Promise<number> {
  const options = readOptions();
  if (typeof options === 'number') return options;
  const show = options.json ? showJson : showLine;
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-demo-'));
  let latchkey: Latchkey | undefined;
  try {
    const isStarted = await perform('start Latchkey and a Legrand cloud', show, async () => {
      latchkey = await startLatchkey({ statePath: folder, port: 0, schedules: false });
      return `${latchkey.api} and ${latchkey.providers.legrand}`;
    });
    if (!isStarted || !latchkey) return 1;
    const [stage, trail] = [stageFor(latchkey), emptyTrail()];
    for (const { name, run } of steps) if (!(await perform(name, show, () => run(stage, trail)))) return 1;
    return 0;
  } finally {
    await latchkey?.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

function readOptions(): { json: boolean } | number {
  try {
    const { values } = parseArgs({ options: { json: { type: 'boolean' }, help: { type: 'boolean' } } });
    if (!values.help) return { json: values.json ?? false };
    process.stdout.write(HELP);
    return 0;
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : error}; see --help\n`);
    return 2;
  }
}

/** Whether the step happened. */
async function perform(
  step: string,
  show: (outcome: Outcome) => void,
  run: () => Promise<string>,
): Promise<boolean> {
  const startedAt = performance.now();
  const outcome = await run().then(
    (seen) => ({ ok: true, seen }),
    (error: unknown) => ({ ok: false, seen: error instanceof Error ? error.message : String(error) }),
  );
  show({ step, seconds: Math.round(performance.now() - startedAt) / 1000, ...outcome });
  return outcome.ok;
}

function stageFor({ api, token, providers, cloud }: Latchkey): Stage {
  return {
    client: createClient(api, token),
    browser: createBrowser(),
    legrand: createLegrandControls(providers.legrand),
    async runSchedule(name) {
      const answer = await fetch(`${api}/_local/schedules/${name}/run`, { method: 'POST' });
      if (!answer.ok) throw new Error(`${name} failed: ${await answer.text()}`);
    },
    hasSecret: (accountId) => cloud.readSecret(`latchkey/local/accounts/${accountId}`) !== undefined,
  };
}

function showLine({ ok, step, seconds, seen }: Outcome): void {
  process.stdout.write(`${ok ? '✓' : '✗'} ${seconds.toFixed(2).padStart(5)} s  ${step.padEnd(36)} ${seen}\n`);
}

function showJson(outcome: Outcome): void {
  process.stdout.write(`${JSON.stringify(outcome)}\n`);
}

process.exitCode = await main();
