import type { CommandAction } from './command-action.ts';
import type { Device } from './device.ts';
import type { CapabilityName } from './reading.ts';

/** What one sort of a provider's hardware is to us, reports and obeys. */
export interface SupportedDevice {
  readonly device: Device;
  /** What it is called in plain words. */
  readonly title: string;
  /** In the provider's words. */
  readonly types: readonly string[];
  readonly capabilities: readonly CapabilityName[];
  readonly actions: readonly CommandAction[];
}
