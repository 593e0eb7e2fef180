/** Things as Legrand says them (ids invented), and a module of ours. */
import type { Module } from '../../../../shared/domain/module.ts';
import type { ReportedValues } from '../../../../shared/domain/reading.ts';
import { Thermostat } from '../../../../shared/providers/legrand/wire.ts';

export const PLANT = '7f3c1a52-90be-4d1d-8a2e-55aa01020304';
export const MODULE = 'c4d2e6f8-1357-4b9d-a0c1-66bb05060708';

/** A chronothermostat as GET status has it. */
export const chronothermostat = {
  function: 'HEATING',
  mode: 'MANUAL',
  setPoint: { value: '20.50000', unit: 'C' },
  programs: [{ number: 1 }],
  activationTime: '2026-01-15T22:30:00',
  temperatureFormat: 'C',
  loadState: 'ACTIVE',
  time: '2026-01-15T18:04:11+01:00',
  thermometer: { measures: [{ timeStamp: '2026-01-15T18:04:11+01:00', value: '19.4', unit: 'C' }] },
  hygrometer: { measures: [{ timeStamp: '2026-01-15T18:04:11+01:00', value: '48.2', unit: '%' }] },
  sender: {
    addressType: 'addressLocation',
    system: 'thermoregulation',
    plant: { id: PLANT, module: { id: MODULE } },
  },
};

/** The same as a webhook has it: programme numbers as text, UTC, never `online`. */
export const notified = {
  ...chronothermostat,
  programs: [{ number: '1' }],
  time: '2026-01-15T17:04:11+00:00',
  online: false,
  receiver: { oid: ['90817263-5544-4332-9110-aabbccddeeff'] },
};

export function envelope(data: unknown = { chronothermostats: [notified] }, eventType = 'DeviceToCloud') {
  return {
    id: '0b9a8c7d-1122-4333-8444-5566778899aa',
    eventType,
    subject: `///bs_cloud_${PLANT}//`,
    eventTime: '2026-01-15T17:04:12Z',
    data,
    subjectElements: { plantId: `bs_cloud_${PLANT}` },
  };
}

export const handshake = envelope(
  { validationCode: 'F1E2' },
  'Microsoft.EventGrid.SubscriptionValidationEvent',
);

export function thermostat(deviation: Record<string, unknown> = {}): Thermostat {
  return Thermostat.parse({ ...chronothermostat, ...deviation });
}

export function moduleWith(values: ReportedValues = {}, programIds: string[] = ['0', '1', '2']): Module {
  const times = { observedAt: '2026-01-15T17:00:00.000Z', receivedAt: '2026-01-15T17:00:01.000Z' };
  return {
    moduleId: 'mod_00000000000000000000_0000000000000000',
    accountId: 'acc_00000000000000000000',
    plantId: 'plt_00000000000000000000_0000000000000000',
    nativeId: MODULE,
    device: 'thermostat',
    name: 'Living room',
    ambientId: null,
    capabilities: ['temperature', 'setpoint', 'mode'],
    profiles: {},
    withheld: [],
    native: {},
    actions: ['set_setpoint', 'set_mode'],
    programs: programIds.map((programId) => ({ programId, name: '' })),
    readings: Object.fromEntries(
      Object.entries(values).map(([name, value = null]) => [name, { value, unit: null, ...times }]),
    ),
    reachable: true,
    version: 1,
    awaited: {},
  };
}
