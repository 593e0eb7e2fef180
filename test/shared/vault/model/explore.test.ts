/** The exploration itself: an explorer that finds nothing must be shown to be able to find something. */
import { randomUUID } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { afterEach, expect, test } from 'vitest';
import { createBiography, type Life } from './biography.ts';
import { choicesIn } from './choices.ts';
import { type CompanyWish, gather } from './company.ts';
import { type ExplorationWish, exploreInterleavings } from './explore.ts';
import { mistakes } from './mistakes.ts';
import { defectsOf, explorePlan } from './plan.ts';
import type { State } from './state.ts';
import { type StillProcess, stillProcess } from './still-process.ts';
import { follow } from './transition.ts';

let still: StillProcess | undefined;
afterEach(() => still?.release());
const beStill = () => {
  still = stillProcess();
  return still;
};

const aWish: ExplorationWish = {
  vault: 'secrets',
  mode: 'strict',
  team: ['rotate', 'rotate'],
  crashes: 1,
  faults: 1,
  faultyCalls: 'exchanges',
};

test.each(Object.entries(mistakes))('finds a rotation that %s', async (_, { wish, change, found }) => {
  const exploration = await exploreInterleavings({ ...aWish, ...wish, change });
  expect(defectsOf(exploration)).toContainEqual(expect.stringMatching(new RegExp(`^${found}\n`)));
  expect(defectsOf(await exploreInterleavings({ ...aWish, ...wish }))).toEqual([]);
});

test('says how a loss comes about, in the fewest steps', async () => {
  const { losses } = await exploreInterleavings({ ...aWish, team: ['rotate'] });
  expect(losses.find(({ at }) => at === 'answer in memory')?.trace).toEqual([
    'rotate-1 begins',
    'rotate-1 reads TOKEN',
    expect.stringMatching(/^rotate-1 UpdateItemCommand GATE SET #used/),
    expect.stringMatching(/^rotate-1 UpdateItemCommand GATE SET #provider/),
    expect.stringMatching(/^rotate-1 UpdateItemCommand TOKEN SET #leaseOwner/),
    expect.stringMatching(/^rotate-1 reads accounts\//),
    'rotate-1 exchanges the refresh token',
    'rotate-1 dies',
  ]);
});

/** Every run to its end, without taking equal states for one. */
async function countEnds(wish: CompanyWish): Promise<number> {
  const { company, first } = await gather(wish, beStill());
  const countFrom = async (state: State): Promise<number> => {
    let ends = 0;
    const choices = choicesIn(state, 'exchanges');
    for (const choice of choices) ends += await countFrom(await follow(company, state, choice));
    return choices.length === 0 ? 1 : ends;
  };
  return await countFrom(first);
}

test.each([
  { vault: 'secrets', mode: 'strict', team: ['rotate', 'rotate'], crashes: 1, faults: 0 },
  { vault: 'sealed', mode: 'reissue', team: ['rotate', 'rotate'], crashes: 0, faults: 1 },
  { vault: 'sealed', mode: 'grace', team: ['rotate', 'unlink'], crashes: 1, faults: 0 },
] as const)('counts the runs that one gets to by walking each: $vault, $mode, $team', async (few) => {
  const wish: ExplorationWish = { ...aWish, ...few };
  const { runs, states } = await exploreInterleavings(wish);
  expect(await countEnds(wish)).toBe(runs);
  expect(states).toBeLessThan(runs);
});

test('makes one run of one worker to whom nothing happens', async () => {
  const alone = await exploreInterleavings({ ...aWish, team: ['rotate'], crashes: 0, faults: 0 });
  expect(alone).toMatchObject({ runs: 1, ends: 1, losses: [], breaches: [] });
});

test('sums up a plan, and tells of each exploration', async () => {
  const lines: string[] = [];
  const mistaken = { ...aWish, change: mistakes['commits before it keeps']?.change };
  const sum = await explorePlan([aWish, mistaken], (line) => void lines.push(line));
  const alone = await exploreInterleavings(aWish);
  expect(lines).toEqual(
    Array(2).fill(expect.stringMatching(/^rotate \+ rotate at strict .*: \d+ states, \d+ runs$/)),
  );
  expect(lines[0]).toContain(`: ${alone.states} states, ${alone.runs} runs`);
  expect(sum.states).toBeGreaterThan(alone.states);
  expect(sum.runs).toBeGreaterThan(alone.runs);
  expect(sum.losses.elsewhere).toBeGreaterThan(0);
  expect(sum.defects).toContainEqual(expect.stringMatching(/: the account is lost\n {2}rotate-1 begins\n/));
});

test('finds the same again', async () => {
  expect(await exploreInterleavings(aWish)).toEqual(await exploreInterleavings(aWish));
});

test('leaves the process as it was', async () => {
  const [id, signal] = [randomUUID(), AbortSignal.timeout(1)];
  await exploreInterleavings({ ...aWish, team: ['rotate'] });
  expect(randomUUID()).not.toBe(id);
  expect(AbortSignal.timeout(1)).not.toBe(signal);
  await expect.poll(() => signal.aborted).toBe(true);
});

test('refuses a worker that waits for anything but its calls', async () => {
  const impatient: Life = async () => {
    await setTimeout(600_000, undefined, { ref: false });
    return 'woken by a timer';
  };
  await expect(createBiography('worker', impatient, beStill()).begin(0)).rejects.toThrow('no step');
});

test('refuses a worker that its answers do not determine', async () => {
  let lives = 0;
  const moody: Life = async (ask) => {
    lives++;
    await ask({ to: 'clock', wakeAtMs: 1 });
    await ask({ to: 'clock', wakeAtMs: lives });
    return 'done';
  };
  const biography = createBiography('worker', moody, beStill());
  const answered = { call: 0, answer: { value: undefined }, nowMs: 1 };
  const moment = await biography.after(await biography.begin(0), answered);
  await expect(biography.after(moment, { ...answered, call: 1 })).rejects.toThrow('do not determine it');
});
