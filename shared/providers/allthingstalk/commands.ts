/** A wish, made into a command to an asset. */
import type { ModuleWish } from '../../domain/command-action.ts';
import type { Module } from '../../domain/module.ts';
import type { CommandTarget, PreparedCommand } from '../provider.ts';
import { refuseField, refuseUnsupported } from '../refuse-wish.ts';
import { assertAccepted, type MakerApi } from './call.ts';
import { assertFits } from './fitting-value.ts';
import { assetOf } from './translate.ts';
import { type WishedValue, wishedValue } from './wished-value.ts';

export function prepareCommand(
  api: MakerApi,
  wish: ModuleWish,
  { module }: Pick<CommandTarget, 'module'>,
): PreparedCommand {
  const wished = module.actions.includes(wish.action) ? wishedValue(wish) : undefined;
  if (!wished) return refuseUnsupported(`This module has no action ${wish.action}`, whatIsTaken(module));
  const { capability, value } = wished;
  const { assetId, told } = aim(module, wished);
  return {
    // A command is no state: the device says what is so when it has acted, or never does (contract 3).
    expects: { [capability]: value },
    // Told once more, a bell rings once more: the vendor's commands are not repeated (contract 9.6).
    isIdempotent: false,
    async execute(session) {
      // By id: the form by names was called unreliable (contract 4.3). A virtual asset takes it as its value (contract 3).
      const path = `/asset/${encodeURIComponent(assetId)}/command`;
      assertAccepted(await api(session, { method: 'PUT', path, body: { value: told } }));
    },
  };
}

/** The asset, and the value as it has it. */
function aim(module: Module, { capability, value, field }: WishedValue) {
  const profile = module.profiles[capability];
  const asset = assetOf(module, capability);
  if (!asset || !profile?.writable) {
    return refuseField(
      'capability',
      `must be what this module can be told: ${writableOf(module).join(', ')}`,
    );
  }
  assertFits(value, profile, field);
  const told = asset.toTheirs(value);
  if (asset.isWhole && !Number.isInteger(told)) return refuseField(field, 'must be a whole number');
  return { assetId: asset.assetId, told };
}

function whatIsTaken({ actions }: Module): string {
  return actions.length > 0 ? `It takes ${actions.join(', ')}` : 'It takes no commands';
}

function writableOf({ capabilities, profiles }: Module): string[] {
  return capabilities.filter((capability) => profiles[capability]?.writable);
}
