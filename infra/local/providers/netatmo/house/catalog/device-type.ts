import type { ScopeFamily } from '../../scopes.ts';

/** What `setstate` can change of a module (contract 3.8). */
export type Command =
  | 'on'
  | 'brightness'
  | 'target_position'
  | 'target_orientation_float'
  | 'fan_speed'
  | 'monitoring'
  | 'floodlight'
  | 'siren_status'
  | 'scenario'
  | 'therm_setpoint_fp';

export type Json = string | number | boolean | null;

/** Millivolts when full and when empty, and where high, medium and low begin (contract 3.1). */
export interface BatteryScale {
  readonly fullMv: number;
  readonly highMv: number;
  readonly mediumMv: number;
  readonly lowMv: number;
  readonly emptyMv: number;
}

export interface DeviceType {
  /** Whose scope shows it. */
  readonly family: ScopeFamily;
  /** How it is connected; `none`: it reports no strength. */
  readonly radio: 'wifi' | 'rf' | 'none';
  readonly commands: readonly Command[];
  /** Fields of its status beside those of every device, as they are when new. */
  readonly status?: Readonly<Record<string, Json>>;
  readonly battery?: BatteryScale;
  /** What it draws while it is on (at full brightness), or all the time if it cannot be switched. */
  readonly watts?: number;
  /** Whether the status shows `power`. */
  readonly showsPower?: boolean;
  /** Of a shutter: 100 knows only open and closed. */
  readonly shutterStep?: 1 | 100;
  /** Such a status has no `reachable`. */
  readonly withoutReachable?: boolean;
  /** Measures of a weather device, in the words of `data_type`. */
  readonly measures?: readonly string[];
}

export const outdoorBattery: BatteryScale = {
  fullMv: 6000,
  highMv: 5000,
  mediumMv: 4500,
  lowMv: 4000,
  emptyMv: 3600,
};
export const indoorBattery: BatteryScale = {
  fullMv: 6000,
  highMv: 5280,
  mediumMv: 4920,
  lowMv: 4560,
  emptyMv: 4200,
};
export const windBattery: BatteryScale = {
  fullMv: 6000,
  highMv: 5180,
  mediumMv: 4770,
  lowMv: 4360,
  emptyMv: 3950,
};
export const thermostatBattery: BatteryScale = {
  fullMv: 4500,
  highMv: 3600,
  mediumMv: 3300,
  lowMv: 3000,
  emptyMv: 2700,
};
