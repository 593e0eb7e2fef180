import type { Delivery } from '../domain/delivery.ts';
import type { TimeZoneOf } from '../providers/provider.ts';
import type { Store } from '../store/store.ts';
import type { ProjectionDependencies } from './projection-dependencies.ts';
import { recordReport } from './record-report.ts';

/** What became of a delivery. */
export type Taken =
  | { readonly kind: 'taken'; readonly changes: number; readonly unknownModules: number }
  | { readonly kind: 'ignored' | 'unreadable'; readonly reason: string };

/**
 * Reads a delivery as the drivers of today do, into the state of its modules: new ones as they come, and kept ones in a
 * replay. Idempotent, and changes nothing that was observed or received later.
 */
export async function takeDelivery(
  { store, providerOf }: Pick<ProjectionDependencies, 'store' | 'providerOf'>,
  { accountId, provider, raw, receivedAt }: Delivery,
  timeZoneOf: TimeZoneOf,
  replayId?: string,
): Promise<Taken> {
  const translation = providerOf(provider).translate(raw, timeZoneOf);
  if (translation.kind !== 'reports') return translation;
  let [changes, unknownModules] = [0, 0];
  for (const report of translation.reports) {
    const outcome = await recordReport(store, accountId, report, Date.parse(receivedAt), replayId);
    if (outcome === 'recorded') changes++;
    if (outcome === 'module_unknown') unknownModules++;
  }
  return { kind: 'taken', changes, unknownModules };
}

/** The zones of an account's plants, for deliveries that tell times as the wall clock shows them. */
export async function zonesOf(store: Store, accountId: string): Promise<TimeZoneOf> {
  const plants = await store.plants.ofAccount(accountId);
  const zones = new Map(plants.map(({ nativeId, timeZone }) => [nativeId, timeZone]));
  return (nativeId) => zones.get(nativeId);
}
