/** How many calls Netatmo allows, and when it pays to poll it again. Pure: no I/O, no clock. */
import type { CallLimits } from '../../domain/call-limits.ts';
import type { Module } from '../../domain/module.ts';
import { toUtc, type UtcTime } from '../../domain/time.ts';
import type { PlantModules, Polled, PollingFacts } from '../provider.ts';

const ACCOUNT_HOUR = 500;
const APPLICATION_HOUR = 2_000;
/** What a user may call in ten seconds, and an application that is small. */
const BURST = 50;

/** All of them slide (contract 2.5). A fifth of each is kept for commands. */
export const limits: CallLimits = {
  account: [
    { name: 'burst', seconds: 10, calls: BURST, reserve: BURST / 5, kind: 'sliding' },
    { name: 'hour', seconds: 3_600, calls: ACCOUNT_HOUR, reserve: ACCOUNT_HOUR / 5, kind: 'sliding' },
  ],
  application: (accounts) => {
    // Twice its users, yet a user alone may call 50 times: applications of few users were not held to less.
    const burst = Math.max(BURST, 2 * accounts);
    return [
      { name: 'burst', seconds: 10, calls: burst, reserve: Math.ceil(burst / 5), kind: 'sliding' },
      {
        name: 'hour',
        seconds: 3_600,
        calls: APPLICATION_HOUR,
        reserve: APPLICATION_HOUR / 5,
        kind: 'sliding',
      },
    ];
  },
};

/** The vendor asked a client that many people share to poll no faster (contract 2.5). */
const STATE_SECONDS = 600;

export const polling: PollingFacts = {
  topologySeconds: 86_400,
  stateSeconds: STATE_SECONDS,
  subscriptionsSeconds: 86_400,
  observeSeconds: 20,
  // Two polls missed.
  staleSeconds: 1_500,
};

/** From one upload of a station to the next, as logs have it (contract 3.3). */
const UPLOAD_MS = 605_000;
/** From the measuring to the cloud's telling of it: ten seconds in the vendor's sample, and as much again. */
const MARGIN_MS = 20_000;
const SOONEST_MS = 60_000;
/** An upload that is late is asked for again; a station that is silent for longer than this after it is out. */
const LATE_MS = 120_000;

/**
 * The part of each hour's calls that polls may make. Another fifth is for what is read on demand, for topology,
 * webhooks and history.
 */
const POLL_SHARE = 0.6;

/** Right after a station's next upload; without a station, at a fixed interval; and always within the hour's calls. */
export function nextStateAt({ plants, reports, accounts }: Polled, now: number): UtcTime {
  const budgetMs = intervalMs(plants, accounts);
  const regular = now + Math.max(polling.stateSeconds * 1000, budgetMs);
  const stations = new Set(modulesOf(plants, 'NAMain', 'NHC').map(({ nativeId }) => nativeId));
  const measuredAt = reports
    .filter(({ moduleNativeId }) => stations.has(moduleNativeId))
    .flatMap(({ observedAt }) => (observedAt === undefined ? [] : [Date.parse(observedAt)]));
  if (measuredAt.length === 0) return toUtc(regular);

  // A station's clock may be ahead.
  const upload = Math.min(now, Math.max(...measuredAt)) + UPLOAD_MS + MARGIN_MS;
  if (budgetMs > UPLOAD_MS) return toUtc(firstFrom(now + budgetMs, upload));
  return toUtc(now > upload + LATE_MS ? regular : Math.max(upload, now + SOONEST_MS));
}

/**
 * The shortest interval at which an account may be polled. With n accounts linked, each has 1,200 / n calls an hour for
 * its polls, and never more than 300; a poll that takes c calls comes every 3 × n × c seconds then, and not before 12 × c.
 * A house with heating and a station takes three: 600 s up to 66 accounts, half an hour at 200.
 */
function intervalMs(plants: readonly PlantModules[], accounts: number): number {
  const callsAnHour = POLL_SHARE * Math.min(ACCOUNT_HOUR, APPLICATION_HOUR / Math.max(1, accounts));
  return (3_600_000 * callsOf(plants)) / callsAnHour;
}

/** Each of these lists tells of all plants at once: of their modes, their stations and their air monitors. */
const lists = [['home'], ['NAMain', 'NAModule1', 'NAModule2', 'NAModule3', 'NAModule4'], ['NHC']];

/** What a poll costs: one call for each list, and one for each plant of which the lists do not tell all. */
function callsOf(plants: readonly PlantModules[]): number {
  const listed = lists.filter((types) => modulesOf(plants, ...types).length > 0);
  const types = lists.flat();
  const others = plants.filter((plant) => plant.modules.length > modulesOf([plant], ...types).length);
  return listed.length + others.length;
}

function modulesOf(plants: readonly PlantModules[], ...types: string[]): Module[] {
  return plants
    .flatMap(({ modules }) => modules)
    .filter(({ native: { type } }) => typeof type === 'string' && types.includes(type));
}

/** The first of the uploads that follow `upload` by the station's rhythm, at `atLeast` or after it. */
function firstFrom(atLeast: number, upload: number): number {
  return upload + Math.max(0, Math.ceil((atLeast - upload) / UPLOAD_MS)) * UPLOAD_MS;
}
