/** What is supported of Legrand's hardware. Pure. */
import type { CommandAction } from '../../domain/command-action.ts';
import type { SupportedDevice } from '../../domain/device-support.ts';
import { THERMOSTAT_CAPABILITIES } from './translate.ts';

/** Legrand's topology word for each of our actions. */
export const commandedBy = { set_setpoint: 'setpoint', set_mode: 'mode' } as const satisfies Partial<
  Record<CommandAction, string>
>;
export const thermostatActions = Object.keys(commandedBy) as (keyof typeof commandedBy)[];

export const legrandDevices: readonly SupportedDevice[] = [
  {
    device: 'thermostat',
    title: 'Smarther thermostat',
    types: ['chronothermostat'],
    capabilities: THERMOSTAT_CAPABILITIES,
    actions: thermostatActions,
  },
];
