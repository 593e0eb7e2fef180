/** `npm run chaos`: see `command-line.ts` for what it takes and how it ends. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { explorePlan, longPlan } from '../shared/vault/model/plan.ts';
import { type CommandLine, parseCommandLine, usage } from './command-line.ts';
import { replaceTable } from './docs-table.ts';
import { runMatrix } from './matrix.ts';
import { forbidden, formatMatrices, reportOf } from './report.ts';

const document = join(import.meta.dirname, '../../docs/rotation.md');

async function main(): Promise<number> {
  const wish = parseCommandLine(process.argv.slice(2));
  if ('problem' in wish) {
    process.stderr.write(`chaos: ${wish.problem}\n\n${usage}`);
    return 2;
  }
  if (wish.help) {
    process.stdout.write(usage);
    return 0;
  }
  return wish.orders ? await exploreAndTell(wish) : await runAndTell(wish);
}

async function exploreAndTell({ json }: CommandLine): Promise<number> {
  const { defects, ...found } = await explorePlan(longPlan, tell);
  process.stdout.write(
    json
      ? `${JSON.stringify({ ...found, defects })}\n`
      : `${found.states} states for ${found.runs} runs; lost: ${JSON.stringify(found.losses)}\n`,
  );
  for (const defect of defects) tell(`must not be: ${defect}`);
  return defects.length === 0 ? 0 : 1;
}

function tell(line: string): void {
  process.stderr.write(`${line}\n`);
}

async function runAndTell({ json, write, ...wish }: CommandLine): Promise<number> {
  const matrices = await runMatrix({ ...wish, progress: tell });
  const table = formatMatrices(matrices);
  process.stdout.write(json ? `${JSON.stringify(reportOf(matrices))}\n` : table);
  if (write) writeFileSync(document, replaceTable(readFileSync(document, 'utf8'), table));
  const found = forbidden(matrices);
  for (const line of found) tell(`must not be: ${line}`);
  return found.length === 0 ? 0 : 1;
}

// So that no process is left that was stopped: what is started is ended when this process exits, and not before.
process.once('SIGINT', () => process.exit(130));
process.once('SIGTERM', () => process.exit(143));
process.exitCode = await main();
