/** What a copy on premises keeps of accounts, plants and modules: less than the API shows of them. Pure. */
import type { Document } from '../domain/copy-records.ts';
import type { AccountView, ModuleView, PlantView } from './views.ts';

/** A document that is told of again; of two with one id, that with the higher version is the newer. */
export interface StateDocument extends Document {
  readonly version: number;
}

/**
 * What belongs to one moment (quota, token times, ages) is left out: it would be out of date as soon as it is written. So
 * is what the feed does not tell, such as what is wrong with all accounts of a provider.
 */
export function accountDocument(
  view: Pick<
    AccountView,
    'id' | 'version' | 'provider' | 'owner' | 'status' | 'lastingHealth' | 'scopes' | 'linkedAt'
  >,
): StateDocument {
  const { id, version, provider, owner, status, lastingHealth: health, scopes, linkedAt } = view;
  return { id, version, provider, owner, status, health, scopes, linkedAt };
}

export function plantDocument(view: PlantView): StateDocument {
  const { id, version, accountId, name, timeZone, ambients, modules } = view;
  return { id, version, accountId, name, timeZone, ambients, moduleIds: modules.map((module) => module.id) };
}

/**
 * Lists, since names of capabilities have dots, which databases take for a path; sorted, since the table does not. Without
 * the times of the readings: a module that says the same again moves them, and is no event. Nor is it one that the provider
 * offers more of its past.
 */
export function moduleDocument({ readings, profiles, history: _, ...view }: ModuleView): StateDocument {
  return {
    ...view,
    profiles: Object.entries(profiles)
      .map(([capability, profile]) => ({ capability, ...profile }))
      .toSorted(byCapability),
    readings: readings
      .map(({ capability, value, unit }) => ({ capability, value, unit }))
      .toSorted(byCapability),
  };
}

function byCapability(a: { readonly capability: string }, b: { readonly capability: string }): number {
  return a.capability < b.capability ? -1 : 1;
}

/** What of such a document is compared with that of the other side: a version may move without anything to tell. */
export function comparedState({ version: _, ...document }: StateDocument): object {
  return document;
}
