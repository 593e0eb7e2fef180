import { LatchkeyError } from '../domain/error.ts';
import { FetchedResolution, Resolution, StepResolution } from '../domain/history.ts';
import { isCondensed } from '../domain/history-steps.ts';
import type { Module } from '../domain/module.ts';
import type { CapabilityName } from '../domain/reading.ts';
import type { SyncDependencies } from './sync-dependencies.ts';

/** Where the past is to be had. */
export type HistoryFound =
  /** As it was kept here. */
  | { readonly in: 'readings' }
  /** Condensed of what was kept here. */
  | { readonly in: 'steps'; readonly resolution: StepResolution }
  /** At the cloud; `raw` is continued by what was kept here. */
  | {
      readonly in: 'cloud';
      readonly resolution: FetchedResolution;
      /** How long its longest steps are; 0: it has none. */
      readonly stepSeconds: number;
    };

/**
 * Where a capability's past is at a resolution: at its cloud if that has it, whose means and sums are of more than what
 * was told here.
 * @throws {LatchkeyError} request_invalid – a resolution that nobody offers
 */
export async function findHistory(
  { store, providerOf }: Pick<SyncDependencies, 'store' | 'providerOf'>,
  module: Module,
  capability: CapabilityName,
  resolution: Resolution,
): Promise<HistoryFound> {
  const account = await store.accounts.get(module.accountId);
  const offer = (account && providerOf(account.provider).history?.offer(module, capability)) ?? {};
  const fetched = FetchedResolution.safeParse(resolution).data;
  const stepSeconds = fetched && offer[fetched];
  if (fetched && stepSeconds !== undefined) return { in: 'cloud', resolution: fetched, stepSeconds };
  if (resolution === 'raw') return { in: 'readings' };
  const condensed = isCondensed(capability, module.profiles) ? StepResolution.options : [];
  const found = condensed.find((one) => one === resolution);
  if (found) return { in: 'steps', resolution: found };
  const offered = new Set<string>(['raw', ...condensed, ...Object.keys(offer)]);
  const list = Resolution.options.filter((one) => offered.has(one)).join(', ');
  const reason = `is not offered for ${capability} of this module, but: ${list}`;
  throw new LatchkeyError('request_invalid', `resolution ${reason}`, {
    details: { fields: { resolution: reason } },
  });
}
