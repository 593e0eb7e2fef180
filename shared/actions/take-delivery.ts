import type { Delivery } from '../domain/delivery.ts';
import type { Fact } from '../domain/event.ts';
import { plantIdFor } from '../domain/ids.ts';
import type { Module } from '../domain/module.ts';
import type { CapabilityName, ReportedValues } from '../domain/reading.ts';
import type { SyncTask } from '../domain/sync-job.ts';
import type { AmbientReport, PlainTranslation, Report, TimeZoneOf } from '../providers/provider.ts';
import type { Store } from '../store/store.ts';
import { happeningFacts } from './happening-facts.ts';
import type { ProjectionDependencies } from './projection-dependencies.ts';
import { recordReport } from './record-report.ts';

type DeliveryDependencies = Pick<ProjectionDependencies, 'store' | 'providerOf'>;

/** What became of a delivery. */
export type Taken =
  | {
      readonly kind: 'taken';
      readonly changes: number;
      readonly unknownModules: number;
      /** What happened beside the changes, which tell of themselves. */
      readonly facts: readonly Fact[];
      /** What happened in places that are not known. */
      readonly untold: number;
      readonly lookAgain?: SyncTask | undefined;
    }
  | { readonly kind: 'ignored' | 'unreadable'; readonly reason: string };

/**
 * Reads a delivery as the drivers of today do, into the state of its modules: new ones as they come, and kept ones in a
 * replay. Idempotent, and changes nothing that was observed or received later.
 */
export async function takeDelivery(
  deps: DeliveryDependencies,
  delivery: Delivery,
  timeZoneOf: TimeZoneOf,
  replayId?: string,
): Promise<Taken> {
  const { store, providerOf } = deps;
  const { accountId, receivedAt } = delivery;
  const translation = await translate({ store, providerOf }, delivery, timeZoneOf);
  if (translation.kind !== 'reports') return translation;
  const { lookAgain } = translation;
  const spread = await spreadOut(store, accountId, translation.ambients ?? []);
  let [changes, unknownModules] = [0, spread.unknownAmbients];
  for (const report of [...translation.reports, ...spread.reports]) {
    const outcome = await recordReport(store, accountId, report, Date.parse(receivedAt), replayId);
    if (outcome === 'recorded') changes++;
    if (outcome === 'module_unknown') unknownModules++;
  }
  const happened = await happeningFacts(store, delivery, translation.happenings ?? []);
  const { facts, untold } = happened;
  return {
    kind: 'taken',
    changes,
    unknownModules: unknownModules + happened.unknownModules,
    facts,
    untold,
    lookAgain,
  };
}

async function translate(
  { store, providerOf }: DeliveryDependencies,
  { accountId, provider, raw }: Delivery,
  timeZoneOf?: TimeZoneOf,
): Promise<PlainTranslation> {
  const translation = providerOf(provider).translate(raw, timeZoneOf);
  if (translation.kind !== 'by_modules') return translation;
  return translation.read(await store.modules.ofAccount(accountId));
}

/** What happened, as a delivery tells it again in a replay: the same events, with the same ids, marked. */
export async function retoldFacts(
  { store, providerOf }: DeliveryDependencies,
  delivery: Delivery,
  replayId: string,
): Promise<readonly Fact[]> {
  const translation = await translate({ store, providerOf }, delivery);
  if (translation.kind !== 'reports') return [];
  return (await happeningFacts(store, delivery, translation.happenings ?? [], replayId)).facts;
}

/**
 * Whether a delivery is not the provider's, for all that is known today: `receive-webhook` had its doubts, and our
 * present copy of the client secret does not dispel them.
 */
export function isUnproven(
  { providerOf }: DeliveryDependencies,
  { provider, raw, doubtfulSignature }: Delivery,
): boolean {
  if (doubtfulSignature === undefined) return false;
  return providerOf(provider).webhook?.isSigned?.(raw, doubtfulSignature) !== true;
}

/** The zones of an account's plants, for deliveries that tell times as the wall clock shows them. */
export async function zonesOf(store: Store, accountId: string): Promise<TimeZoneOf> {
  const plants = await store.plants.ofAccount(accountId);
  const zones = new Map(plants.map(({ nativeId, timeZone }) => [nativeId, timeZone]));
  return (nativeId) => zones.get(nativeId);
}

/** What is said of an ambient, as reports of the modules in it that have the capabilities. */
async function spreadOut(
  store: Pick<Store, 'modules'>,
  accountId: string,
  ambients: readonly AmbientReport[],
): Promise<{ reports: Report[]; unknownAmbients: number }> {
  const reports: Report[] = [];
  if (ambients.length === 0) return { reports, unknownAmbients: 0 };
  const modules = await store.modules.ofAccount(accountId);
  let unknownAmbients = 0;
  for (const { ambientId, ...said } of ambients) {
    const plantId = plantIdFor(accountId, said.plantNativeId);
    const inside = modules.filter((module) => module.plantId === plantId && module.ambientId === ambientId);
    const told = inside.flatMap((module) => {
      const values = onlyCapable(module, said.values);
      return Object.keys(values).length > 0 ? [{ ...said, moduleNativeId: module.nativeId, values }] : [];
    });
    if (inside.length === 0) unknownAmbients++;
    reports.push(...told);
  }
  return { reports, unknownAmbients };
}

function onlyCapable({ capabilities }: Module, values: ReportedValues): ReportedValues {
  const able = new Set<string>(capabilities);
  return Object.fromEntries(
    (Object.entries(values) as [CapabilityName, ReportedValues[CapabilityName]][]).filter(([name]) =>
      able.has(name),
    ),
  );
}
