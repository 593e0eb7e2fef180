/** What a webhook's body looks like (contract 4.1): Event Grid's envelope in an array, with Legrand's prefix. Pure. */

import { zuluText } from '../../simulation/wall-clock.ts';
import { announcedStatus, type WireForm } from '../api/chronothermostat.ts';
import type { Thermostat } from '../house/thermostat.ts';
import type { SimulatedPlant } from '../state.ts';

export interface Occurrence {
  readonly eventId: string;
  readonly plant: Pick<SimulatedPlant, 'plantId' | 'timeZone' | 'userId'>;
  readonly thermostat: Thermostat;
  readonly epochMs: number;
}

export function envelope({ eventId, ...subject }: Occurrence, form: WireForm) {
  const prefixed = `bs_cloud_${subject.plant.plantId}`;
  return {
    id: eventId,
    eventType: 'DeviceToCloud',
    subject: `///${prefixed}//`,
    eventTime: zuluText(subject.epochMs),
    data: { chronothermostats: [announcedStatus(subject, form)] },
    subjectElements: { plantId: prefixed },
  };
}

/** Event Grid's handshake (contract 4.2). */
export function validationEvent(eventId: string, validationCode: string, epochMs: number) {
  return {
    id: eventId,
    eventType: 'Microsoft.EventGrid.SubscriptionValidationEvent',
    eventTime: zuluText(epochMs),
    data: { validationCode },
  };
}
