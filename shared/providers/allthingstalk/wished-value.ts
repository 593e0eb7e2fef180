/** Wishes, as values of capabilities: whatever can be wished of these devices is one. Pure: no I/O, no clock. */
import type { ModuleWish } from '../../domain/command-action.ts';
import type { CapabilityName, ReadingValue } from '../../domain/reading.ts';
import { refuseField } from '../refuse-wish.ts';

export interface WishedValue {
  readonly capability: CapabilityName;
  /** In the form and the unit of the capability's readings. */
  readonly value: ReadingValue;
  /** The field of the wish that has the value. */
  readonly field: string;
}

/** @throws {LatchkeyError} request_invalid – a set point that is to end; `undefined`: it is no value that is wished */
export function wishedValue(wish: ModuleWish): WishedValue | undefined {
  switch (wish.action) {
    case 'set_value':
      return { capability: wish.capability, value: wish.value, field: 'value' };
    case 'set_switch':
      return { capability: 'switch', value: wish.on, field: 'on' };
    case 'set_brightness':
      return { capability: 'brightness', value: wish.percent, field: 'percent' };
    case 'set_position':
      return { capability: 'position', value: wish.percent, field: 'percent' };
    case 'set_fan':
      return { capability: 'fan_speed', value: wish.speed, field: 'speed' };
    case 'set_setpoint':
      if (wish.until !== undefined) refuseField('until', 'must be absent: it holds until another is set');
      return { capability: 'setpoint', value: wish.temperatureC, field: 'temperatureC' };
    default:
      return undefined;
  }
}
