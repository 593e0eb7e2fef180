import type { Account } from '../domain/account.ts';
import { digestOf } from '../domain/digest.ts';
import type { Module } from '../domain/module.ts';
import type { Plant } from '../domain/plant.ts';
import {
  accountDocument,
  comparedState,
  moduleDocument,
  plantDocument,
  type StateDocument,
} from './copy-documents.ts';
import { presentModule, presentPlant } from './present.ts';
import type { AccountDigestView } from './views.ts';

/** What a copy keeps of an account and its home, digested. */
export function presentDigests({
  account,
  plants,
  modules,
}: {
  readonly account: Account;
  readonly plants: readonly { readonly plant: Plant; readonly modules: readonly Module[] }[];
  readonly modules: readonly Module[];
}): AccountDigestView {
  const { accountId } = account;
  // Neither how old a reading is, nor whether that is too old, nor what past there is, is in the copy.
  const moduleViews = modules.map((module) => presentModule(module, 0, [], 0));
  return {
    accountId,
    accounts: digest([accountDocument({ ...account, id: accountId })]),
    plants: digest(plants.map(({ plant, modules: its }) => plantDocument(presentPlant(plant, its)))),
    modules: digest(moduleViews.map(moduleDocument)),
  };
}

function digest(documents: readonly StateDocument[]) {
  return digestOf(documents.map(comparedState));
}
