/** Wishes for single devices: each is a key of `setstate` (contract 3.8). Pure: no I/O, no clock. */
import type { ReportedValues } from '../../domain/reading.ts';
import type { CommandTarget } from '../provider.ts';
import { refuseField } from '../refuse-wish.ts';
import { readNative } from './native.ts';
import type { Translate, WishedCalls } from './wished-calls.ts';

/** Of a shutter: to stay where it is. */
const STOP = -1;
const FAN_SPEEDS = [1, 2];

export const setSwitch: Translate<'set_switch'> = ({ on }, target) => tell(target, { on }, { switch: on });

export const setBrightness: Translate<'set_brightness'> = ({ percent }, target) =>
  tell(target, { brightness: whole(percent) }, { brightness: percent });

/** It takes its time, about 15 seconds from one end to the other; its end is what counts. */
export const setPosition: Translate<'set_position'> = ({ percent }, target) => {
  const { step } = readNative(target.module);
  if (step === '100' && percent !== 0 && percent !== 100)
    refuseField('percent', 'must be 0 or 100: this shutter only opens and closes');
  return tell(target, { target_position: whole(percent) }, { position: percent });
};

/** Where it comes to rest, nobody can tell beforehand. */
export const stop: Translate<'stop'> = (_wish, target) => tell(target, { target_position: STOP }, {});

export const setFan: Translate<'set_fan'> = ({ speed }, target) => {
  if (!FAN_SPEEDS.includes(speed)) refuseField('speed', `must be ${FAN_SPEEDS.join(' or ')}`);
  return tell(target, { fan_speed: speed }, { fan_speed: speed });
};

export const setMonitoring: Translate<'set_monitoring'> = ({ on }, target) =>
  tell(target, { monitoring: on ? 'on' : 'off' }, { monitoring: on });

export const setFloodlight: Translate<'set_floodlight'> = ({ mode }, target) =>
  tell(target, { floodlight: mode }, { floodlight: mode });

function whole(percent: number): number {
  return Number.isInteger(percent) ? percent : refuseField('percent', 'must be a whole number');
}

function tell(
  { plant, module }: CommandTarget,
  state: Readonly<Record<string, string | number | boolean>>,
  expects: ReportedValues,
): WishedCalls {
  const { bridge } = readNative(module);
  const told = { id: module.nativeId, ...(bridge !== undefined && { bridge }), ...state };
  return {
    calls: [{ method: 'setstate', json: { home: { id: plant.nativeId, modules: [told] } } }],
    expects,
  };
}
