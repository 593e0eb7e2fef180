/**
 * `npm run bench -- <name> [--json]`: measures, prints a table or one JSON object, and says in its exit code whether
 * every goal was reached. 0: reached; 1: a figure falls short; 2: called with arguments it does not understand.
 */
import { existsSync, readdirSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { type Figure, formatFigures, isReached } from './figures.ts';

/** What `<name>/bench.ts` exports as `bench`; `progress` takes one line of what is being measured. */
export type Bench = (progress: (line: string) => void) => Promise<readonly Figure[]>;

const here = import.meta.dirname;
const names = readdirSync(here).filter((name) => existsSync(`${here}/${name}/bench.ts`));
const usage = `npm run bench -- <name> [--json]

  <name>   ${names.join(', ')}
  --json   one object on standard output: {"bench", "figures", "reached"}

Progress goes to standard error. Exit codes: 0 every goal is reached, 1 a figure falls short, 2 wrong arguments.
`;

async function main(): Promise<number> {
  const wish = readArguments(process.argv.slice(2));
  if (wish.help) {
    process.stdout.write(usage);
    return 0;
  }
  const { name = '' } = wish;
  if (!names.includes(name)) return refuse(name === '' ? 'which bench?' : `there is no bench ${name}`);
  const { bench } = (await import(`./${name}/bench.ts`)) as { bench: Bench };
  const figures = await bench((line) => process.stderr.write(`${line}\n`));
  const short = figures.filter((figure) => !isReached(figure));
  if (wish.json) {
    process.stdout.write(`${JSON.stringify({ bench: name, figures, reached: short.length === 0 })}\n`);
  } else {
    process.stdout.write(formatFigures(figures));
  }
  for (const figure of short) process.stderr.write(`falls short: ${formatFigures([figure])}`);
  return short.length === 0 ? 0 : 1;
}

function readArguments(args: string[]): { name?: string; json?: boolean; help?: boolean } {
  const options = { json: { type: 'boolean' }, help: { type: 'boolean' } } as const;
  try {
    const { positionals, values } = parseArgs({ args, options, allowPositionals: true });
    if (positionals.length > 1) return { name: positionals.join(' ') };
    return { ...values, ...(positionals[0] !== undefined && { name: positionals[0] }) };
  } catch (error) {
    return { name: error instanceof Error ? error.message : String(error) };
  }
}

function refuse(problem: string): number {
  process.stderr.write(`bench: ${problem}\n\n${usage}`);
  return 2;
}

process.exitCode = await main();
