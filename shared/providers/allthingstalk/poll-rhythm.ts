/** How many calls we allow ourselves, and when to poll again. Pure: no I/O, no clock. */
import type { CallLimits } from '../../domain/call-limits.ts';
import { toUtc, type UtcTime } from '../../domain/time.ts';
import type { PlantModules, Polled, PollingFacts } from '../provider.ts';
import { isDevice } from './state.ts';

/**
 * AllThingsTalk documents no limit (contract 6): what an account may call is ours to say. A fifth is kept for commands.
 */
export function limitsOf(callsPerHour: number): CallLimits {
  const reserve = Math.ceil(callsPerHour / 5);
  return { account: [{ name: 'hour', seconds: 3_600, calls: callsPerHour, reserve, kind: 'sliding' }] };
}

export const polling: PollingFacts = {
  topologySeconds: 86_400,
  stateSeconds: 300,
  subscriptionsSeconds: 86_400,
  observeSeconds: 15,
  // Two polls missed.
  staleSeconds: 900,
};

/** The part of each hour's calls that polls may make; another fifth is for what is read on demand, and for history. */
const POLL_SHARE = 0.6;

/** At a fixed interval, which is longer where there are so many devices that it would not stay within the hour's calls. */
export function nextStateAt({ plants }: Polled, callsPerHour: number, now: number): UtcTime {
  const budgetMs = (3_600_000 * callsOf(plants)) / (POLL_SHARE * callsPerHour);
  return toUtc(now + Math.max(polling.stateSeconds * 1000, budgetMs));
}

/** One for each device, and two for each plant: its list of devices is read until a page has nothing new. */
function callsOf(plants: readonly PlantModules[]): number {
  return plants.reduce((calls, { modules }) => calls + 2 + modules.filter(isDevice).length, 0);
}
