/** How many calls we allow ourselves, and when to poll again. Pure: no I/O, no clock. */
import type { CallLimits } from '../../domain/call-limits.ts';
import { toUtc, type UtcTime } from '../../domain/time.ts';
import type { PlantModules, Polled, PollingFacts } from '../provider.ts';
import { isDevice } from './state.ts';

/** AllThingsTalk documents no limit, and asks by its plans to be polite (contract 6): a call every 3.6 seconds. */
const ACCOUNT_HOUR = 1_000;

/** A fifth is kept for commands. */
export const limits: CallLimits = {
  account: [
    { name: 'hour', seconds: 3_600, calls: ACCOUNT_HOUR, reserve: ACCOUNT_HOUR / 5, kind: 'sliding' },
  ],
};

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
export function nextStateAt({ plants }: Polled, now: number): UtcTime {
  const budgetMs = (3_600_000 * callsOf(plants)) / (POLL_SHARE * ACCOUNT_HOUR);
  return toUtc(now + Math.max(polling.stateSeconds * 1000, budgetMs));
}

/** One for each device, and two for each plant: its list of devices is read until a page has nothing new. */
function callsOf(plants: readonly PlantModules[]): number {
  return plants.reduce((calls, { modules }) => calls + 2 + modules.filter(isDevice).length, 0);
}
