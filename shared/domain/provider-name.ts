import * as z from 'zod';

/** The clouds that have a driver in `shared/providers`. */
export const ProviderName = z.enum(['legrand', 'netatmo', 'allthingstalk']);
export type ProviderName = z.infer<typeof ProviderName>;

/** As people know them. */
export const displayNames: Readonly<Record<ProviderName, string>> = {
  legrand: 'Legrand',
  netatmo: 'Netatmo',
  allthingstalk: 'AllThingsTalk',
};
