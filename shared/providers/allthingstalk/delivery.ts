/** What a rule's webhook says, translated. Pure: no I/O, no clock; never throws. */
import type { Module } from '../../domain/module.ts';
import type { CapabilityName, ReadingValue } from '../../domain/reading.ts';
import { parseJson } from '../../domain/text.ts';
import type { PlainTranslation, Translation } from '../provider.ts';
import { type RuleBody, readRuleBody } from './rule-body.ts';
import { assetOf } from './translate.ts';

const unreadable = (reason: string): PlainTranslation => ({ kind: 'unreadable', reason });

/** A rule says a device and an asset in words; whose they are shows in what is known of the account. */
export function translateDelivery(raw: string): Translation {
  const said = readRuleBody(raw);
  if (!said) return unreadable('is not what the rule was to send');
  if (Object.values(said).some(isUnbound)) return unreadable('has a place that the rule does not bind');
  return { kind: 'by_modules', read: (modules) => translate(said, modules) };
}

/** Our template, pasted as it is. */
const isUnbound = (said: unknown) => typeof said === 'string' && /^\{\{[\w.:]*\}\}$/.test(said);

function translate(said: RuleBody, modules: readonly Module[]): PlainTranslation {
  const [module, ...others] = named(said.device, modules);
  if (others.length > 0) return unreadable('names a device by a title that several have');
  // Counts as one that was not known yet: devices are looked for.
  if (!module) return { kind: 'reports', reports: [{ moduleNativeId: said.device, values: {} }] };
  const capability = capabilityOf(module, said.asset);
  if (!capability) return unreadable('names an asset that the device is not known to have, or has twice');
  const value = readSaid(module, capability, said.value);
  if (value === undefined) return unreadable('has a value that the asset’s profile does not allow');
  return { kind: 'reports', reports: [{ moduleNativeId: module.nativeId, values: { [capability]: value } }] };
}

/** An id is nobody's title. */
function named(device: string, modules: readonly Module[]): Module[] {
  const byId = modules.filter(({ nativeId }) => nativeId === device);
  return byId.length > 0 ? byId : modules.filter(({ name }) => name.trim() === device);
}

/** By the name of its asset, which is unique on a device, else by its title, which need not be. */
function capabilityOf({ profiles, capabilities }: Module, asset: string): CapabilityName | undefined {
  const byName = capabilities.find((capability) => profiles[capability]?.name.trim() === asset);
  const [byTitle, ...others] = capabilities.filter(
    (capability) => profiles[capability]?.title.trim() === asset,
  );
  return byName ?? (others.length === 0 ? byTitle : undefined);
}

/** As it came, where the author did not quote it; as text, what is no text is JSON. `null`: nothing was reported yet. */
function readSaid(module: Module, capability: CapabilityName, said: unknown): ReadingValue | undefined {
  const type = module.profiles[capability]?.type;
  const isJson = typeof said === 'string' && (type === 'object' || type === 'array' || said === 'null');
  return assetOf(module, capability)?.toOurs(isJson && type !== 'string' ? parseJson(said) : said);
}
