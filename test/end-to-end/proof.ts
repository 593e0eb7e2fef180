/** One running Latchkey with homes, and `latchkey` on the way to it, for the tests of a file that compare copies. */
import { beforeAll, expect, vi } from 'vitest';
import * as z from 'zod';
import { type StateDocument, stateCollections } from '../../cli/sync/document.ts';
import { awsCredentials, type Database } from '../cli/sync/databases.ts';
import { type Bench, useBench } from './bench.ts';
import { awaitEvent, firstModule, type Home, isChange, linkHome } from './home.ts';
import { type LatchkeyProgram, useLatchkey } from './latchkey-program.ts';
import type { Ghosts } from './planting.ts';
import { quiet } from './quiet.ts';
import { present } from './until.ts';
import { useWiretap, type Wiretap } from './wiretap.ts';

const Difference = z.object({ collection: z.string(), kind: z.string(), id: z.string() });
const Verdict = z.object({
  found: z.array(Difference),
  left: z.array(Difference),
  differences: z.int(),
  documents: z.record(z.string(), z.int()),
  past: z.int(),
  behind: z.array(z.string()),
  pending: z.object({ events: z.int() }),
  bytesRead: z.int(),
  isEqual: z.boolean(),
});

export type Verdict = z.infer<typeof Verdict> & { readonly exitCode: number | null };

export interface Proof {
  readonly bench: Bench;
  readonly wiretap: Wiretap;
  /** On the way that is tapped. */
  readonly program: LatchkeyProgram;
  /** The first home; known once tests run. */
  home(): Home;
  /** Somebody there turns the wheel, Legrand tells, and the feed does. */
  turn(): Promise<void>;
  /** Copies all there is, once nothing happens any more. */
  sync(database: Database): Promise<void>;
  verify(database: Database, ...args: string[]): Promise<Verdict>;
  /** Links somebody, copies that, and unlinks the account again. */
  ghostsIn(database: Database): Promise<Ghosts>;
}

export async function useProof(): Promise<Proof> {
  // For what tests write to DynamoDB themselves.
  for (const [name, value] of Object.entries(awsCredentials)) vi.stubEnv(name, value);
  const bench = await useBench();
  const { client, legrand } = bench;
  const wiretap = await useWiretap(bench.api);
  const program = useLatchkey({ api: wiretap.api, token: bench.token });
  let linked: Home | undefined;
  const home = () => present(linked, 'home');
  let degrees = 15;

  async function turn() {
    degrees += 0.5;
    const { moduleId, nativeId } = firstModule(home());
    await legrand.touch({ moduleId: nativeId, setPointC: degrees, mode: 'MANUAL' });
    await awaitEvent(bench, home().accountId, isChange(moduleId, 'setpoint', degrees));
  }

  beforeAll(async () => {
    linked = await linkHome(bench);
    await linkHome(bench, [{ name: 'Barn' }, { name: 'Mill' }]);
    for (let turns = 0; turns < 4; turns++) await turn();
  });

  async function sync(database: Database) {
    await quiet(bench);
    expect(await program.run(database.target, 'sync', '--once')).toMatchObject({ exitCode: 0 });
  }

  return {
    bench,
    wiretap,
    program,
    home,
    turn,
    sync,

    async verify(database, ...args) {
      const { exitCode, out, err } = await program.run(database.target, 'verify', '--json', ...args);
      expect([exitCode, err]).toEqual([exitCode === 0 ? 0 : 3, err]);
      return { exitCode, ...Verdict.parse(JSON.parse(out)) };
    },

    async ghostsIn(database) {
      const stranger = await linkHome(bench);
      await sync(database);
      const found: Ghosts[number][] = [];
      for (const collection of stateCollections)
        for (const document of (await database.contents(collection)) as StateDocument[])
          if ((collection === 'accounts' ? document.id : document.accountId) === stranger.accountId)
            found.push({ collection, document });
      await client.unlink(stranger.accountId);
      await sync(database);
      return found;
    },
  };
}
