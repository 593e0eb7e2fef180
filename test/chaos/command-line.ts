import { parseArgs } from 'node:util';
import { VaultKind } from '../../shared/domain/vault-kind.ts';
import { type RotationMode, rotationModes } from '../shared/vault/token-family.ts';
import { type MutationName, mutationNames } from './mutations.ts';

export interface CommandLine {
  readonly json: boolean;
  readonly short: boolean;
  readonly write: boolean;
  readonly orders: boolean;
  readonly help: boolean;
  readonly modes: readonly RotationMode[];
  readonly vaults: readonly VaultKind[];
  readonly rows?: string;
  readonly mutation?: MutationName;
}

export const usage = `npm run chaos -- [options]

Kills a process at every call of a rotation, lets stores and networks fail, and tells what becomes of the account,
against four kinds of authorization server. Prints a table in markdown.

  --mode M      only that kind of server; may be repeated: ${rotationModes.join(', ')}
  --vault V     only that vault; may be repeated: ${VaultKind.options.join(', ')}
  --row TEXT    only rows whose name has this text in it
  --short       fewer places: all of them at the strict server, one a row elsewhere
  --json        one object on standard output: {"allowed", "vaults"}
  --orders      instead of the matrix: every order of the steps of workers that meet, some minutes and 2 GB of memory
  --write       puts the table into docs/rotation.md; not with the options above
  --mutate D    with a defect built into the vault, which has to show: ${mutationNames.join(', ')}
  --help        prints this

Progress goes to standard error. Exit codes: 0 accounts are lost only where no client could prevent it, 1 one is lost
elsewhere or something else went wrong (its row is named on standard error), 2 wrong arguments.
`;

/** @returns the problem as one line where the arguments cannot be understood */
export function parseCommandLine(args: readonly string[]): CommandLine | { readonly problem: string } {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        mode: { type: 'string', multiple: true },
        vault: { type: 'string', multiple: true },
        row: { type: 'string' },
        mutate: { type: 'string' },
        short: { type: 'boolean', default: false },
        json: { type: 'boolean', default: false },
        write: { type: 'boolean', default: false },
        orders: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
    const { mode, vault, row, mutate, ...flags } = values;
    const isPart = mode ?? vault ?? row ?? mutate ?? (flags.short || undefined);
    if (flags.orders && (flags.write || isPart !== undefined))
      throw new TypeError('--orders goes with --json only');
    if (flags.write && isPart !== undefined) throw new TypeError('--write takes a whole run');
    return {
      ...flags,
      modes: choose('--mode', mode, rotationModes),
      vaults: choose('--vault', vault, VaultKind.options),
      ...(row !== undefined && { rows: row }),
      ...(mutate !== undefined && { mutation: chooseOne('--mutate', mutate, mutationNames) }),
    };
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    // What follows the first sentence are Node's hints, which speak of positional arguments.
    return { problem: (error.message.split('. ')[0] ?? error.message).replace(/\.$/, '') };
  }
}

function choose<T extends string>(
  option: string,
  given: string[] | undefined,
  known: readonly T[],
): readonly T[] {
  return given ? given.map((name) => chooseOne(option, name, known)) : known;
}

function chooseOne<T extends string>(option: string, name: string, known: readonly T[]): T {
  const found = known.find((each) => each === name);
  if (found === undefined) throw new TypeError(`${option} takes ${known.join(', ')}, not ${name}`);
  return found;
}
