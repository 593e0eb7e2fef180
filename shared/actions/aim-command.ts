import { concerns, type ModuleWish } from '../domain/command-action.ts';
import { LatchkeyError } from '../domain/error.ts';
import { accountOf } from '../domain/ids.ts';
import type { Module } from '../domain/module.ts';
import type { ProviderName } from '../domain/provider-name.ts';
import type { PreparedCommand } from '../providers/provider.ts';
import type { CommandDependencies } from './command-dependencies.ts';
import { unknownModule } from './find-module.ts';
import type { Seeing } from './sight.ts';

/** A wish made ready for the module that it is meant for, as the module is now. */
export interface Aim {
  readonly module: Module;
  readonly provider: ProviderName;
  readonly prepared: PreparedCommand;
}

export interface AimedWish {
  readonly moduleId: string;
  readonly wish: ModuleWish;
  /** The versions of the module's state that it is meant for; absent: any. */
  readonly versions?: readonly number[] | undefined;
}

/**
 * Nothing is sent or kept by this.
 * @throws {LatchkeyError} module_unknown, account_unknown, module_changed, access_forbidden, command_unsupported,
 * request_invalid
 */
export async function aimCommand(deps: CommandDependencies & Seeing, aimed: AimedWish): Promise<Aim> {
  const { store, sight, providerOf, now } = deps;
  const { moduleId, wish, versions } = aimed;
  const accountId = accountOf(moduleId);
  const module = await sight.module(moduleId, 'write');
  const concerned = concerns[wish.action];
  if (module && concerned) sight.assertAllowed(concerned, 'write');
  const plant = module && (await store.plants.get({ accountId, plantId: module.plantId }));
  if (!module || !plant) throw unknownModule(moduleId);
  if (versions !== undefined && !versions.includes(module.version)) {
    throw new LatchkeyError('module_changed', `the module's state has the version ${module.version} by now`);
  }
  const account = await store.accounts.get(accountId);
  if (!account) throw new LatchkeyError('account_unknown', `there is no account ${accountId}`);
  const { provider } = account;
  return { module, provider, prepared: providerOf(provider).prepare(wish, { plant, module }, now()) };
}
