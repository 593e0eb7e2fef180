/**
 * `npm run bench -- translate`: what it costs Latchkey itself to discover and to read a Netatmo home of 139 modules, with
 * the cloud's answers at hand: the time of the network is not in it.
 */
import type { Figure } from '../figures.ts';
import { percentile } from '../percentile.ts';
import { recordHome } from './recorded.ts';

/** The largest home of which anybody has published what Netatmo answers. */
const MODULES = 139;
const WARM_UP = 100;
const TIMED = 300;

export async function bench(progress: (line: string) => void): Promise<Figure[]> {
  progress(`recording a home of ${MODULES} modules`);
  const home = await recordHome(MODULES);
  const { discover, poll } = home.bodies;
  const times = await timeInTurns({
    discover: () => home.discover(),
    discoverJson: () => parseAll(discover),
    poll: () => home.poll(),
    pollJson: () => parseAll(poll),
  });
  progress(`each timed ${TIMED} times`);
  return [
    { name: 'calls to discover', value: discover.length, unit: 'calls' },
    { name: 'calls to read', value: poll.length, unit: 'calls' },
    ...figuresOf('discover', times.discover, times.discoverJson),
    ...figuresOf('read', times.poll, times.pollJson),
  ];
}

function figuresOf(what: string, own: readonly number[], json: readonly number[]): Figure[] {
  const [typical, plain] = [percentile(own, 50), percentile(json, 50)];
  return [
    { name: `${what}, p50`, value: typical, unit: 'ms', goal: { atMost: 50 } },
    { name: `${what}, p99`, value: percentile(own, 99), unit: 'ms' },
    { name: `${what}, per module`, value: (typical / MODULES) * 1_000, unit: 'µs' },
    { name: `JSON.parse of what ${what}s, per module`, value: (plain / MODULES) * 1_000, unit: 'µs' },
    { name: `${what} to JSON.parse`, value: typical / plain, unit: '×', goal: { atMost: 30 } },
  ];
}

/** Milliseconds of each, one after the other in every turn, so that what else the machine does meets all alike. */
async function timeInTurns<K extends string>(
  works: Readonly<Record<K, () => unknown>>,
): Promise<Record<K, number[]>> {
  const names = Object.keys(works) as K[];
  const times = Object.fromEntries(names.map((name) => [name, [] as number[]])) as Record<K, number[]>;
  for (let turn = 0; turn < WARM_UP + TIMED; turn += 1) {
    for (const name of names) {
      const startedAt = performance.now();
      await works[name]();
      if (turn >= WARM_UP) times[name].push(performance.now() - startedAt);
    }
  }
  return times;
}

function parseAll(bodies: readonly string[]): unknown[] {
  return bodies.map((body) => JSON.parse(body));
}
