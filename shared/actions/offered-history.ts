import type { Resolution } from '../domain/history.ts';
import type { Module } from '../domain/module.ts';
import { type CapabilityName, KnownCapability } from '../domain/reading.ts';
import type { HistoryApi } from '../providers/provider.ts';

export interface OfferedHistory {
  readonly capability: CapabilityName;
  /** Finest first. */
  readonly resolutions: Resolution[];
  /** Length of the steps at `raw`, seconds; 0: each value as it was measured. */
  readonly rawStepSeconds: number;
}

/** Of which capabilities of a module its cloud keeps a past; some have one that no reading ever tells of. */
export function offeredHistory({ offer }: Pick<HistoryApi, 'offer'>, module: Module): OfferedHistory[] {
  const own = Object.keys(module.profiles) as CapabilityName[];
  return [...new Set<CapabilityName>([...KnownCapability.options, ...own])].flatMap((capability) => {
    const { raw, ...coarser } = offer(module, capability);
    if (raw === undefined) return [];
    const resolutions = ['raw', ...Object.keys(coarser)] as Resolution[];
    return [{ capability, resolutions, rawStepSeconds: raw }];
  });
}
