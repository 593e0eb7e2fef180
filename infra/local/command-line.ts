import { parseArgs } from 'node:util';

export interface CommandLine {
  readonly fresh: boolean;
  readonly json: boolean;
  readonly help: boolean;
  /** Of the API; the simulated clouds take the ports after it. 0: free ones. */
  readonly port: number;
}

export const DEFAULT_PORT = 4010;
/** The highest port, less those that the simulated clouds take. */
const MAX_PORT = 65_535 - 3;

export const usage = `Usage: npm start -- [options]

Runs Latchkey on this machine: the synthesized CDK app, hosted locally, and the simulated clouds of Legrand and
Netatmo, unless the environment names others (LATCHKEY_LEGRAND_…, LATCHKEY_NETATMO_…; see README.md).

  --port N   port of the API (default ${DEFAULT_PORT}); the simulated clouds take the ports after it; 0 takes free ones
  --fresh    forgets what is kept in .latchkey/ before it starts
  --json     prints one line when ready: {"api":…,"token":…,"providers":{…}}
  --help     prints this
`;

/** @returns the problem as one line where the arguments cannot be understood */
export function parseCommandLine(args: readonly string[]): CommandLine | { readonly problem: string } {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        fresh: { type: 'boolean', default: false },
        json: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
        port: { type: 'string' },
      },
    });
    const { port: text = String(DEFAULT_PORT), ...flags } = values;
    const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
    if (!(port <= MAX_PORT)) return { problem: `--port takes a number from 0 to ${MAX_PORT}, not ${text}` };
    return { ...flags, port };
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    // What follows the first sentence are Node's hints, which speak of positional arguments.
    return { problem: (error.message.split('. ')[0] ?? error.message).replace(/\.$/, '') };
  }
}
