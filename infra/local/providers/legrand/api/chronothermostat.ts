/** The thermostat as it goes over the wire (contract 3.1): numbers as strings, with the quirks of answer and webhook. Pure. */

import { offsetText, zuluText } from '../../simulation/wall-clock.ts';
import { type ActivationForm, activationText } from '../house/activation-time.ts';
import { setPointC, type Thermostat } from '../house/thermostat.ts';
import type { SimulatedPlant } from '../state.ts';

export interface WireForm {
  readonly activation: ActivationForm;
  /** Values as JSON numbers instead of strings. */
  readonly numbers: boolean;
}

export const usualForm: WireForm = { activation: 'plain', numbers: false };

interface Subject {
  readonly plant: Pick<SimulatedPlant, 'plantId' | 'timeZone' | 'userId'>;
  readonly thermostat: Thermostat;
  readonly epochMs: number;
}

/** In an answer of the API: `time` with the plant's offset, the programme's number an integer. */
export function answeredStatus(subject: Subject, form: WireForm) {
  const { plant, thermostat, epochMs } = subject;
  return {
    ...settings(subject, form),
    programs: [{ number: thermostat.programNumber }],
    ...measured(subject, offsetText(epochMs, plant.timeZone), form),
    sender: sender(plant.plantId, thermostat.moduleId, 'addressLocation'),
  };
}

/** In a webhook: UTC with `+00:00`, the programme's number a string, and `online: false` beside live values. */
export function announcedStatus(subject: Subject, form: WireForm) {
  const { plant, thermostat, epochMs } = subject;
  return {
    ...settings(subject, form),
    programs: [{ number: String(thermostat.programNumber) }],
    ...measured(subject, zuluText(epochMs).replace('Z', '+00:00'), form),
    online: false,
    sender: sender(plant.plantId, thermostat.moduleId, 'AddressLocation'),
    receiver: { oid: [plant.userId] },
  };
}

function settings({ plant, thermostat, epochMs }: Subject, form: WireForm) {
  const { activation } = thermostat;
  const wished = setPointC(thermostat, epochMs, plant.timeZone);
  return {
    function: thermostat.function,
    mode: thermostat.mode,
    setPoint: { value: form.numbers ? wished : wished.toFixed(5), unit: 'C' },
    ...(activation && { activationTime: activationText(activation, plant.timeZone, form.activation) }),
    temperatureFormat: 'C',
    loadState: thermostat.room.relayOn ? 'ACTIVE' : 'INACTIVE',
  };
}

function measured({ thermostat }: Subject, time: string, form: WireForm) {
  return { time, ...measures(thermostat, time, form) };
}

export function measures({ room }: Thermostat, timeStamp: string, form: WireForm) {
  // Legrand: as many digits as needed ("20", "19.4"), a tenth at most.
  const value = (exact: number) => {
    const rounded = Math.round(exact * 10) / 10;
    return form.numbers ? rounded : String(rounded);
  };
  return {
    thermometer: { measures: [{ timeStamp, value: value(room.temperatureC), unit: 'C' }] },
    hygrometer: { measures: [{ timeStamp, value: value(room.humidityPercent), unit: '%' }] },
  };
}

export function sender(
  plantId: string,
  moduleId: string,
  addressType: 'addressLocation' | 'AddressLocation',
) {
  return { addressType, system: 'thermoregulation', plant: { id: plantId, module: { id: moduleId } } };
}
