/** `npm run demo`: the whole job, once, against a local cloud of its own. Exit code 0 only if every step happened. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { displayNames, ProviderName } from '../../shared/domain/provider-name.ts';
import { allthingstalkSteps } from './demo/allthingstalk/steps.ts';
import { createBrowser } from './demo/browser.ts';
import { createClient } from './demo/client.ts';
import { legrandSteps } from './demo/legrand/steps.ts';
import { netatmoSteps } from './demo/netatmo/steps.ts';
import type { Stage, Step } from './demo/step.ts';
import { type Latchkey, startLatchkey } from './start.ts';

const HELP = `npm run demo [-- --provider legrand|netatmo|allthingstalk] [--json]

Starts Latchkey and the simulated clouds on free ports, with their state in a temporary folder, links an account and
walks the whole job: changes that webhooks bring, commands and their effects, tokens that rotate, a quota that is kept
to, and unlinking again. Takes half a minute at Legrand and at AllThingsTalk, a minute at Netatmo.

  --provider   where: legrand (default), a thermostat; netatmo, a house with a module of every kind; or allthingstalk,
               devices of any kind, linked by password and by tokens
  --json       one JSON object a step: {step, ok, seconds, seen}
  --help       this text
`;

/** A story a provider; `url` is its simulated cloud. */
const stories: Record<ProviderName, (stage: Stage, url: string) => Step[]> = {
  legrand: legrandSteps,
  netatmo: netatmoSteps,
  allthingstalk: allthingstalkSteps,
};

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
    const { provider } = options;
    const start = async () => {
      latchkey = await startLatchkey({ statePath: folder, port: 0, schedules: false });
      return `${latchkey.api} and ${latchkey.providers[provider]}`;
    };
    const name = `start Latchkey and ${withArticle(displayNames[provider])} cloud`;
    if (!(await perform({ name, run: start }, show)) || !latchkey) return 1;
    const steps = stories[provider](stageFor(latchkey), latchkey.providers[provider]);
    for (const step of steps) if (!(await perform(step, show))) return 1;
    return 0;
  } finally {
    await latchkey?.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

function withArticle(name: string): string {
  return `${/^[AEIOU]/.test(name) ? 'an' : 'a'} ${name}`;
}

interface Options {
  readonly provider: ProviderName;
  readonly json: boolean;
}

function readOptions(): Options | number {
  try {
    const { values } = parseArgs({
      options: {
        provider: { type: 'string', default: 'legrand' },
        json: { type: 'boolean', default: false },
        help: { type: 'boolean' },
      },
    });
    if (values.help) {
      process.stdout.write(HELP);
      return 0;
    }
    const provider = ProviderName.safeParse(values.provider);
    if (provider.success) return { provider: provider.data, json: values.json };
    return refuse(`--provider takes ${ProviderName.options.join(' or ')}, not ${values.provider}`);
  } catch (error) {
    return refuse(error instanceof Error ? error.message : String(error));
  }
}

function refuse(problem: string): number {
  process.stderr.write(`${problem}; see --help\n`);
  return 2;
}

/** Whether the step happened. */
async function perform({ name, run }: Step, show: (outcome: Outcome) => void): Promise<boolean> {
  const startedAt = performance.now();
  const outcome = await run().then(
    (seen) => ({ ok: true, seen }),
    (error: unknown) => ({ ok: false, seen: error instanceof Error ? error.message : String(error) }),
  );
  show({ step: name, seconds: Math.round(performance.now() - startedAt) / 1000, ...outcome });
  return outcome.ok;
}

function stageFor({ api, token, readSecret }: Latchkey): Stage {
  return {
    client: createClient(api, token),
    clientWith: (other) => createClient(api, other),
    browser: createBrowser(),
    async runSchedule(name) {
      const answer = await fetch(`${api}/_local/schedules/${name}/run`, { method: 'POST' });
      if (!answer.ok) throw new Error(`${name} failed: ${await answer.text()}`);
    },
    readSecret: (name) => readSecret(`latchkey/local/${name}`),
  };
}

function showLine({ ok, step, seconds, seen }: Outcome): void {
  process.stdout.write(`${ok ? '✓' : '✗'} ${seconds.toFixed(2).padStart(5)} s  ${step.padEnd(36)} ${seen}\n`);
}

function showJson(outcome: Outcome): void {
  process.stdout.write(`${JSON.stringify(outcome)}\n`);
}

process.exitCode = await main();
