import { type AwaitedEffect, Module, type ModuleDescription } from '../domain/module.ts';
import { assign, attribute, expression } from './expression.ts';
import type { Table } from './item.ts';
import { accountPartition, keys, prefixes } from './keys.ts';

type ModuleAddress = Pick<Module, 'accountId' | 'moduleId'>;

export interface ModuleStore {
  get(module: ModuleAddress): Promise<Module | undefined>;
  /** Makes the module, or brings its description up to date and leaves its readings alone. */
  describe(description: ModuleDescription): Promise<void>;
  /** Writes readings and reachability if nobody has since `module`, at `module.version - 1`, was read. */
  report(module: Module): Promise<'written' | 'refused'>;
  /** Notes that a command's effect is to be seen here. */
  awaitEffect(module: ModuleAddress, commandId: string, effect: AwaitedEffect): Promise<void>;
  forgetEffect(module: ModuleAddress, commandId: string): Promise<void>;
  delete(module: ModuleAddress): Promise<void>;
  ofAccount(accountId: string): Promise<Module[]>;
}

const exists = expression`attribute_exists(#pk)`;

export function createModuleStore(table: Table): ModuleStore {
  const keyOf = ({ accountId, moduleId }: ModuleAddress) => keys.module(accountId, moduleId);

  return {
    get: (module) => table.get(keyOf(module), Module),

    async describe(description) {
      const fresh = { ...description, readings: {}, reachable: null, version: 1, awaited: {} };
      const key = keyOf(description);
      if ((await table.put(key, fresh, expression`attribute_not_exists(#pk)`)) === 'written') return;
      const { plantId, device, name, ambientId, capabilities, actions, programs } = description;
      const { profiles, withheld, native } = description;
      await table.update(
        key,
        expression`SET #plantId = ${plantId}, #device = ${device}, #name = ${name},
          #ambientId = ${ambientId}, #capabilities = ${capabilities}, #actions = ${actions},
          #profiles = ${profiles}, #programs = ${programs}, #withheld = ${withheld}, #native = ${native}`,
        Module,
        exists,
      );
    },

    async report(module) {
      const { readings, reachable, version, replayId } = module;
      const outcome = await table.update(
        keyOf(module),
        assign({ readings, reachable, version, replayId }),
        Module,
        expression`#version = ${version - 1}`,
      );
      return outcome === 'refused' ? 'refused' : 'written';
    },

    async awaitEffect(module, commandId, effect) {
      await table.update(
        keyOf(module),
        expression`SET #awaited.${attribute(commandId)} = ${effect}`,
        Module,
        exists,
      );
    },

    async forgetEffect(module, commandId) {
      await table.update(keyOf(module), expression`REMOVE #awaited.${attribute(commandId)}`, Module, exists);
    },

    async delete(module) {
      await table.delete(keyOf(module));
    },

    ofAccount: (accountId) =>
      Array.fromAsync(
        table.queryAll(
          expression`#pk = ${accountPartition(accountId)} AND begins_with(#sk, ${prefixes.module})`,
          Module,
        ),
      ),
  };
}
