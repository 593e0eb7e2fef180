/** Which interleavings are explored: a short form for every test run, and a long one of some minutes. */
import { VaultKind } from '../../../../shared/domain/vault-kind.ts';
import { rotationModes } from '../token-family.ts';
import { type Exploration, type ExplorationWish, exploreInterleavings, type Loss } from './explore.ts';
import type { Role } from './roles.ts';

type Team = readonly Role[];
type Plan = readonly ExplorationWish[];

/** Pairs that spend a token, or meet somebody who does. */
const rotatingPairs: readonly Team[] = [
  ['rotate', 'rotate'],
  ['rotate', 'session'],
  ['rotate', 'relink'],
  ['rotate', 'unlink'],
];
const otherPairs: readonly Team[] = [
  ['session', 'session'],
  ['session', 'relink'],
  ['session', 'unlink'],
  ['relink', 'relink'],
  ['relink', 'unlink'],
  ['unlink', 'unlink'],
];
const threeRotate: readonly Team[] = [['rotate', 'rotate', 'rotate']];
const otherThrees: readonly Team[] = [
  ['rotate', 'rotate', 'relink'],
  ['rotate', 'rotate', 'unlink'],
];
/**
 * In the sealed vault, one that keeps its answer in a secret because the table failed, and dies right when an unlink has
 * been through, leaves that secret behind: two mishaps at one moment, and no account is the worse for it.
 */
const isBeingUnlinked = (team: Team) =>
  team.includes('unlink') && (team.includes('rotate') || team.includes('session'));
const isNotBeingUnlinked = (team: Team) => !isBeingUnlinked(team);
/** Teams whose orders are the most. */
const largeTeams: readonly Team[] = [
  ['rotate', 'rotate', 'session'],
  ['busy', 'rotate'],
];
const pairs = [...rotatingPairs, ...otherPairs];
const teams = [...pairs, ...threeRotate, ...otherThrees];

/** The mode that forgives least. */
const harshest = ['reuse'] as const;
const both = VaultKind.options;

type Budget = Pick<ExplorationWish, 'crashes' | 'faults' | 'faultyCalls'>;
const nothing: Budget = { crashes: 0, faults: 0, faultyCalls: 'exchanges' };
const lostAnswer: Budget = { crashes: 1, faults: 1, faultyCalls: 'exchanges' };
const anyCall: Budget = { crashes: 1, faults: 1, faultyCalls: 'every call' };
const anyCallAlone: Budget = { ...anyCall, crashes: 0 };

/** No crash, no lost answer: every order of the steps. */
export const peacefulPlan: Plan = everyWay(both, harshest, teams, nothing);

/** One crash and one lost answer, anywhere: what takes some seconds. */
export const shortPlan: Plan = [
  ...everyWay(both, rotationModes, rotatingPairs, lostAnswer),
  ...everyWay(both, harshest, [...otherPairs, ...threeRotate], lostAnswer),
  // Its steps are fewer, and so are their orders.
  ...everyWay(['sealed'], harshest, otherThrees, lostAnswer),
  ...everyWay(both, ['strict', 'reissue'], rotatingPairs.slice(0, 1), anyCall),
  ...everyWay(['sealed'], ['strict'], pairs.filter(isBeingUnlinked), anyCallAlone),
];

/** Three workers at every kind of server, every call that may go wrong, and two crashes. */
export const longPlan: Plan = [
  ...everyWay(both, rotationModes, [...teams, ...largeTeams], lostAnswer),
  ...everyWay(both, rotationModes, pairs.filter(isNotBeingUnlinked), anyCall),
  ...everyWay(['secrets'], rotationModes, pairs.filter(isBeingUnlinked), anyCall),
  ...everyWay(['sealed'], rotationModes, pairs.filter(isBeingUnlinked), anyCallAlone),
  ...everyWay(both, harshest, threeRotate, anyCall),
  ...everyWay(['sealed'], harshest, otherThrees.filter(isNotBeingUnlinked), anyCall),
  ...everyWay(['sealed'], harshest, otherThrees.filter(isBeingUnlinked), anyCallAlone),
  ...everyWay(both, harshest, rotatingPairs.slice(0, 1), { ...anyCall, crashes: 2, faults: 2 }),
];

function everyWay(
  vaults: readonly VaultKind[],
  modes: readonly ExplorationWish['mode'][],
  chosen: readonly Team[],
  budget: Budget,
): Plan {
  return vaults.flatMap((vault) =>
    modes.flatMap((mode) => chosen.map((team) => ({ vault, mode, team, ...budget }))),
  );
}

export function titleOf({ vault, mode, team, crashes, faults, faultyCalls }: ExplorationWish): string {
  return `${team.join(' + ')} at ${mode} (${vault}, crashes ${crashes}, faults ${faults} of ${faultyCalls})`;
}

/** Of several explorations. */
export interface Findings {
  readonly states: number;
  readonly runs: number;
  /** Ends at which an account is lost. */
  readonly losses: Readonly<Record<Loss['at'], number>>;
  /** Losses elsewhere and broken invariants, each with a way to it. */
  readonly defects: readonly string[];
}

export const nothingFound: Findings = {
  states: 0,
  runs: 0,
  losses: { 'answer in flight': 0, 'answer in memory': 0, elsewhere: 0 },
  defects: [],
};

/** @param progress – takes a line for each exploration that is done, and some while a long one goes on */
export async function explorePlan(plan: Plan, progress: (line: string) => void): Promise<Findings> {
  let findings = nothingFound;
  for (const wish of plan) {
    const exploration = await exploreInterleavings(wish, (states) =>
      progress(`${titleOf(wish)}: ${states} states so far`),
    );
    findings = add(findings, wish, exploration);
    progress(`${titleOf(wish)}: ${exploration.states} states, ${exploration.runs} runs`);
  }
  return findings;
}

export function add(findings: Findings, wish: ExplorationWish, exploration: Exploration): Findings {
  const losses = { ...findings.losses };
  for (const { at, ends } of exploration.losses) losses[at] += ends;
  return {
    states: findings.states + exploration.states,
    runs: findings.runs + exploration.runs,
    losses,
    defects: [...findings.defects, ...defectsOf(exploration).map((defect) => `${titleOf(wish)}: ${defect}`)],
  };
}

/** What must not be found, in words and steps. */
export function defectsOf({ losses, breaches }: Exploration): string[] {
  const lost = losses.filter(({ at }) => at === 'elsewhere');
  return [...lost.map(({ trace }) => ({ what: 'the account is lost', trace })), ...breaches].map(
    ({ what, trace }) => `${what}\n  ${trace.join('\n  ')}`,
  );
}
