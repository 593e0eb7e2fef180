/**
 * `npm run bench -- <name> [--json]`: measures, prints a table or one JSON object, and says in its exit code whether
 * every goal was reached. 0: reached; 1: a figure falls short; 2: called with arguments it does not understand.
 */
import { existsSync, readdirSync } from 'node:fs';
import { formatFigures, isReached } from './figures.ts';
import { type Bench, type Options, readWish, WrongArguments } from './wish.ts';

const here = import.meta.dirname;
const names = readdirSync(here).filter((name) => existsSync(`${here}/${name}/bench.ts`));

async function main(args: string[]): Promise<number> {
  if (args.includes('--help')) {
    process.stdout.write(await usage());
    return 0;
  }
  try {
    return await run(args);
  } catch (error) {
    if (!(error instanceof WrongArguments)) throw error;
    process.stderr.write(`bench: ${error.message}\n\n${await usage()}`);
    return 2;
  }
}

async function run(args: string[]): Promise<number> {
  const name = args.find((arg) => names.includes(arg));
  const [unknown] = args.filter((arg) => !arg.startsWith('-'));
  if (name === undefined) throw new WrongArguments(unknown ? `there is no bench ${unknown}` : 'which bench?');
  const { json, settings } = readWish(args, name, await optionsOf(name));
  const { bench } = (await import(`./${name}/bench.ts`)) as { bench: Bench };
  const figures = await bench((line) => process.stderr.write(`${line}\n`), settings);
  const short = figures.filter((figure) => !isReached(figure));
  if (json) {
    process.stdout.write(`${JSON.stringify({ bench: name, figures, reached: short.length === 0 })}\n`);
  } else {
    process.stdout.write(formatFigures(figures));
  }
  for (const figure of short) process.stderr.write(`falls short: ${formatFigures([figure])}`);
  return short.length === 0 ? 0 : 1;
}

/** Apart from the bench, which may take seconds to load. */
async function optionsOf(name: string): Promise<Options> {
  if (!existsSync(`${here}/${name}/options.ts`)) return {};
  return ((await import(`./${name}/options.ts`)) as { options: Options }).options;
}

async function usage(): Promise<string> {
  const own = await Promise.all(
    names.map(async (name) => {
      const options = Object.entries(await optionsOf(name));
      return options.map(([option, meaning]) => `  --${option.padEnd(6)} ${name}: ${meaning}\n`).join('');
    }),
  );
  return `npm run bench -- <name> [--json]

  <name>   ${names.join(', ')}
  --json   one object on standard output: {"bench", "figures", "reached"}
${own.join('')}
Progress goes to standard error. Exit codes: 0 every goal is reached, 1 a figure falls short, 2 wrong arguments.
`;
}

process.exitCode = await main(process.argv.slice(2));
