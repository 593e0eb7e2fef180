/** What a copy on premises keeps of accounts, plants and modules: less than the API shows of them. Pure. */
import type { Document } from '../domain/copy-records.ts';
import type { AccountView, ModuleView, PlantView } from './views.ts';

/** A document that is told of again; of two with one id, that with the higher version is the newer. */
export interface StateDocument extends Document {
  readonly version: number;
}

/** What belongs to one moment (quota, token times, ages) is left out: it would be out of date as soon as it is written. */
export function accountDocument(
  view: Pick<AccountView, 'id' | 'version' | 'provider' | 'owner' | 'status' | 'scopes' | 'linkedAt'>,
): StateDocument {
  const { id, version, provider, owner, status, scopes, linkedAt } = view;
  return { id, version, provider, owner, status, scopes, linkedAt };
}

export function plantDocument(view: PlantView): StateDocument {
  const { id, version, accountId, name, timeZone, ambients, modules } = view;
  return { id, version, accountId, name, timeZone, ambients, moduleIds: modules.map((module) => module.id) };
}

/**
 * Lists, since names of capabilities have dots, which databases take for a path; sorted, since the table does not. What
 * the provider offers of its past is left out: it is the same for all modules of a kind, and no event tells that it grew.
 */
export function moduleDocument({ readings, profiles, history: _, ...view }: ModuleView): StateDocument {
  return {
    ...view,
    profiles: Object.entries(profiles)
      .map(([capability, profile]) => ({ capability, ...profile }))
      .toSorted(byCapability),
    readings: readings
      .map(({ ageSeconds: _age, stale: _stale, ...reading }): Compared => reading)
      .toSorted(byCapability),
  };
}

type Compared = { readonly capability: string; readonly [field: string]: unknown };

function byCapability(a: { readonly capability: string }, b: { readonly capability: string }): number {
  return a.capability < b.capability ? -1 : 1;
}

/**
 * What of such a document is compared with that of the other side. A reading that is confirmed moves its times and the
 * version, and is not told in the feed: so the copy has the times of the change.
 */
export function comparedState({ version: _, ...document }: StateDocument): object {
  const { readings } = document;
  if (!Array.isArray(readings)) return document;
  return {
    ...document,
    readings: readings.map(({ observedAt: _, receivedAt: __, ...reading }: Compared) => reading),
  };
}
