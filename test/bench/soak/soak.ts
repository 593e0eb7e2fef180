/**
 * A copy that is followed while its source, its target and the program are killed at random, over and over, and things go
 * on happening; in the end everything that happened is asked for, and both sides are compared.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { openSink } from '../../../cli/sync/open-sink.ts';
import { type Home, linkHome } from '../../end-to-end/home.ts';
import { createInside } from '../../end-to-end/inside.ts';
import { freePorts } from '../../end-to-end/ports.ts';
import { until } from '../../end-to-end/until.ts';
import { createRandom } from '../random.ts';
import { type Killable, runProgram, startProgram, startSource, startTarget } from './processes.ts';

export interface SoakWish {
  readonly rounds: number;
  readonly seed: number;
  readonly into: 'files' | 'dynamodb';
}

export interface SoakOutcome {
  readonly kills: Readonly<Record<'source' | 'target' | 'program', number>>;
  /** Changes at the devices, and accounts linked and unlinked, that succeeded. */
  readonly happened: number;
  readonly events: number;
  /** Events of the feed that are not in the copy, in the copy and not in the feed, or there twice. */
  readonly untold: number;
  /** How the program ended that should not have. */
  readonly endings: readonly string[];
  /** Of `latchkey verify` in the end. */
  readonly verdict: { readonly exitCode: number | null; readonly said: string };
}

const LONGEST_CALM_MS = 700;
const LONGEST_ABSENCE_MS = 400;

export async function soak(
  { rounds, seed, into }: SoakWish,
  progress: (line: string) => void,
): Promise<SoakOutcome> {
  const random = createRandom(seed);
  const folder = await mkdtemp(join(tmpdir(), 'latchkey-soak-'));
  const [port, targetPort] = [await freePorts(), await freePorts()];
  const source = await startSource(folder, port);
  const target = into === 'dynamodb' ? await startTarget(join(folder, 'target'), targetPort) : undefined;
  const to = target ? `dynamodb+http://127.0.0.1:${targetPort}/home` : `file:${join(folder, 'copy')}`;
  const { api, token } = source.running();
  const about = ['--to', to, '--api', api, '--token', token];
  const program = startProgram(about);
  const sides: Record<string, Killable> = { source, program, ...(target && { target }) };
  const kills = { source: 0, target: 0, program: 0 };
  let happened = 0;
  try {
    const homes: Home[] = [await linkHome(source.running()), await linkHome(source.running())];
    await program.start();
    for (let round = 1; round <= rounds; round++) {
      const happening = happen();
      await pause(random.below(LONGEST_CALM_MS));
      const victims = random
        .shuffled(Object.keys(sides))
        .slice(0, 1 + random.below(2)) as (keyof typeof kills)[];
      for (const victim of victims) {
        await sides[victim]?.kill();
        kills[victim]++;
      }
      await pause(random.below(LONGEST_ABSENCE_MS));
      for (const victim of victims) await sides[victim]?.start();
      await happening;
      if (round % 10 === 0)
        progress(`${into}: round ${round} of ${rounds}, ${happened} things have happened`);
    }
    await program.kill();
    return { ...(await conclude()), kills, happened };

    /** What fails because its side is being killed has not happened, or nobody was told that it had. */
    async function happen(): Promise<void> {
      const { legrand } = source.running();
      const deeds = Array.from({ length: 1 + random.below(4) }, () => random.below(20));
      for (const deed of deeds) {
        const home = random.pick(homes);
        try {
          if (deed === 0) homes.push(await linkHome(source.running()));
          else if (deed === 1 && homes.length > 1) {
            homes.splice(homes.indexOf(home), 1);
            await source.running().client.unlink(home.accountId);
          } else
            await legrand.touch({
              moduleId: random.pick(home.modules).nativeId,
              temperatureC: 15 + random.below(150) / 10,
            });
          happened++;
        } catch {
          // The source is gone just now.
        }
      }
    }
  } finally {
    await Promise.all(Object.values(sides).map((side) => side.kill()));
    await rm(folder, { recursive: true });
  }

  /** Until the cloud has nothing left to tell, all of it is in the feed, and all of that is copied. */
  async function conclude(): Promise<Pick<SoakOutcome, 'events' | 'untold' | 'endings' | 'verdict'>> {
    const { legrand, client } = source.running();
    const lookLater = async () => {
      await legrand.advance(10);
      return await legrand.state();
    };
    await until(lookLater, ({ undelivered }) => undelivered.length === 0);
    await createInside(api).settle();
    const last = await runProgram('sync', '--once', ...about);
    if (last.exitCode !== 0) throw new Error(`the last copy ended with ${last.exitCode}: ${last.err}`);
    const verdict = await runProgram('verify', ...about);
    const told = new Set<string>();
    for (let after: string | undefined; ; ) {
      const page = await client.events(after, 0, { limit: 1_000 });
      for (const { id } of page.events) told.add(id);
      after = page.next;
      if (page.events.length === 0) break;
    }
    const copied = await copiedEvents(to);
    return {
      events: told.size,
      untold: differences(told, copied),
      endings: program.endings(),
      verdict: { exitCode: verdict.exitCode, said: verdict.out + verdict.err },
    };
  }
}

function differences(told: ReadonlySet<string>, copied: readonly string[]): number {
  const kept = new Set(copied);
  const missing = [...told].filter((id) => !kept.has(id));
  const surplus = copied.filter((id) => !told.has(id));
  return missing.length + surplus.length + copied.length - kept.size;
}

/** Ids, as often as they are there. */
async function copiedEvents(target: string): Promise<string[]> {
  const sink = openSink(target);
  if (!sink) throw new Error(`${target} is no target`);
  await sink.open();
  try {
    return await Array.fromAsync(sink.listRecords('events'), ({ id }) => id);
  } finally {
    await sink.close();
  }
}
