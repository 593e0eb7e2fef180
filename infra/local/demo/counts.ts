/** How many modules there are of each kind. */
import type { Device } from '../../../shared/domain/device.ts';

export function countByDevice(modules: readonly { readonly device: Device }[]): Map<Device, number> {
  const counts = new Map<Device, number>();
  for (const { device } of modules) counts.set(device, (counts.get(device) ?? 0) + 1);
  return counts;
}

export function listCounts(counts: ReadonlyMap<Device, number>): string {
  return [...counts]
    .sort(([one], [other]) => one.localeCompare(other))
    .map(([device, count]) => `${count} ${device}`)
    .join(', ');
}
