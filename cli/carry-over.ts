/**
 * `npm run carry-over`: after a table was restored from a backup, brings the token pointers that are younger in the
 * former table over to it. Exit codes: 0 done, 1 a table cannot be reached, 2 wrong arguments.
 */
import { parseArgs } from 'node:util';
import { createDynamodb } from '../shared/runtime/clients.ts';
import { createStore } from '../shared/store/store.ts';

const usage = `npm run carry-over -- --from TABLE --to TABLE [--json]

  Copies the token pointers of table --from that are younger than those of table --to, with the token sets sealed in
  them. For the sealed vault: its table is the only copy, and a backup holds tokens that have been spent since. Stop the
  deployment on the former table first; cut off at any moment, it can be run again.

  --from   the table as it was last; it is only read
  --to     the restored table
  --json   one object on standard output: {"pointers", "carriedOver"}

AWS credentials and region are those of your shell. Progress goes to standard error.
Exit codes: 0 done, 1 a table cannot be reached, 2 wrong arguments.
`;

/** Lines of progress are this many pointers apart. */
const PROGRESS_STEP = 1_000;

async function carryOver(from: string, to: string): Promise<{ pointers: number; carriedOver: number }> {
  const dynamodb = createDynamodb();
  const [former, restored] = [createStore(dynamodb, from).pointers, createStore(dynamodb, to).pointers];
  const counts = { pointers: 0, carriedOver: 0 };
  for await (const pointer of former.all()) {
    counts.pointers++;
    // The index is a copy that may be a moment old: what it names is read again.
    const present = await former.get(pointer.accountId);
    if (present && (await restored.carryOver(present)) === 'written') counts.carriedOver++;
    if (counts.pointers % PROGRESS_STEP === 0) process.stderr.write(`${counts.pointers} pointers\n`);
  }
  return counts;
}

function readArguments(args: string[]) {
  const options = {
    from: { type: 'string' },
    to: { type: 'string' },
    json: { type: 'boolean' },
    help: { type: 'boolean' },
  } as const;
  try {
    return parseArgs({ args, options }).values;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

async function main(): Promise<number> {
  const wish = readArguments(process.argv.slice(2));
  if (typeof wish !== 'string' && wish.help) {
    process.stdout.write(usage);
    return 0;
  }
  const isComplete = typeof wish !== 'string' && wish.from && wish.to && wish.from !== wish.to;
  if (!isComplete) {
    const problem = typeof wish === 'string' ? wish : 'two tables are needed: --from and --to';
    process.stderr.write(`carry-over: ${problem}\n\n${usage}`);
    return 2;
  }
  const counts = await carryOver(wish.from ?? '', wish.to ?? '');
  const line = `${counts.carriedOver} of ${counts.pointers} token pointers were younger and were carried over`;
  process.stdout.write(`${wish.json ? JSON.stringify(counts) : line}\n`);
  return 0;
}

main().then(
  (exitCode) => {
    process.exitCode = exitCode;
  },
  (error: unknown) => {
    process.stderr.write(`carry-over: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  },
);
