/** What the command line of `npm run bench` asks for. Pure. */
import { parseArgs } from 'node:util';
import type { Figure } from './figures.ts';

/** Values of a bench's own options; all are optional text. */
export type Settings = Readonly<Record<string, string | undefined>>;

/** What `<name>/bench.ts` exports as `bench`; `progress` takes one line of what is being measured. */
export type Bench = (progress: (line: string) => void, settings: Settings) => Promise<readonly Figure[]>;

/** What `<name>/options.ts` exports as `options`, where there is one: their names, each with what it means. */
export type Options = Readonly<Record<string, string>>;

/** Arguments that make no sense; the message is for people. */
export class WrongArguments extends Error {}

export interface Wish {
  readonly json: boolean;
  readonly settings: Settings;
}

/** @throws {WrongArguments} of an option that neither the runner nor this bench has */
export function readWish(args: string[], name: string, options: Options): Wish {
  const known = Object.keys(options).map((option) => [option, { type: 'string' }] as const);
  try {
    const { positionals, values } = parseArgs({
      args,
      options: { ...Object.fromEntries(known), json: { type: 'boolean' } },
      allowPositionals: true,
    });
    if (positionals.length > 1)
      throw new WrongArguments(`one bench at a time, not ${positionals.join(' and ')}`);
    const { json, ...settings } = values as { json?: boolean } & Settings;
    return { json: json === true, settings };
  } catch (error) {
    if (error instanceof TypeError) throw new WrongArguments(`${name}: ${error.message}`);
    throw error;
  }
}
