/** Events of a feed as long as one likes: a thermostat's changes, two readings each. */
import type { Event } from '../../../shared/domain/event.ts';

/** What the events are about. */
export interface About {
  readonly accountId: string;
  readonly plantId: string;
  /** Taken in turns. */
  readonly moduleIds: readonly string[];
}

const nobody: About = {
  accountId: `acc_${'0'.repeat(20)}`,
  plantId: `plt_${'0'.repeat(20)}_${'0'.repeat(16)}`,
  moduleIds: Array.from(
    { length: 50 },
    (_, module) => `mod_${'0'.repeat(20)}_${String(module).padStart(16, '0')}`,
  ),
};
const START_MS = Date.parse('2026-01-15T12:00:00Z');

export function eventAt(index: number, { accountId, plantId, moduleIds }: About = nobody): Event {
  const time = new Date(START_MS + index * 1000).toISOString();
  const moduleId = String(moduleIds[index % moduleIds.length]);
  const change = (capability: string, value: number, unit: string) => ({
    capability,
    value,
    unit,
    observedAt: time,
    receivedAt: time,
  });
  return {
    specversion: '1.0',
    id: `evt_${String(index).padStart(26, '0')}`,
    source: `/v1/accounts/${accountId}`,
    type: 'latchkey.module.changed',
    subject: moduleId,
    time,
    datacontenttype: 'application/json',
    data: {
      accountId,
      plantId,
      moduleId,
      device: 'thermostat',
      changes: [
        change('temperature', 15 + (index % 100) / 10, 'C'),
        change('humidity', 40 + (index % 20), '%'),
      ],
    },
  };
}
