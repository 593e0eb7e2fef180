import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createHomes } from '../../../../infra/local/providers/netatmo/seed/homes.ts';
import { pushKinds } from '../../../../infra/local/providers/netatmo/webhooks/push-kinds.ts';
import { EventType } from '../../../../shared/domain/event.ts';
import { CapabilityName, ReadingValue } from '../../../../shared/domain/reading.ts';
import { translateDelivery } from '../../../../shared/providers/netatmo/delivery.ts';
import type { PlainTranslation } from '../../../../shared/providers/provider.ts';
import { damaged, damageOf } from '../mutilation.ts';
import { NOW } from './netatmo-bench.ts';

const [maison] = createHomes(NOW);
const pushes = Object.values(pushKinds(maison)).map((push) => ({ home_id: maison?.homeId, ...push }));
const translate = (push: unknown) => translateDelivery(JSON.stringify(push));

/** What any translation has to be, whatever came. */
function assertSound(translation: PlainTranslation): void {
  if (translation.kind !== 'reports') {
    expect(translation.reason).not.toBe('');
    return;
  }
  const { reports, ambients = [], happenings = [] } = translation;
  for (const { values } of [...reports, ...ambients])
    for (const [name, value] of Object.entries(values)) {
      CapabilityName.parse(name);
      ReadingValue.parse(value);
      // What the table can hold.
      if (typeof value === 'number') expect(Math.abs(value)).toBeLessThanOrEqual(1e15);
    }
  for (const { type, details } of happenings) {
    EventType.parse(type);
    for (const detail of Object.values(details)) expect(String(detail).length).toBeLessThanOrEqual(2_000);
  }
}

describe('a push', () => {
  test('that is damaged anywhere is never thrown at, and what comes of it is sound', () => {
    const twiceDamaged = fc
      .constantFrom(...pushes)
      .chain((push) => damageOf(push).map((damage) => damaged<unknown>(push, damage)))
      .chain((push) => damageOf(push).map((damage) => damaged(push, damage)));
    fc.assert(
      fc.property(twiceDamaged, (push) => assertSound(translate(push))),
      { numRuns: 2_000 },
    );
  });

  test('that is junk is never thrown at', () => {
    fc.assert(fc.property(fc.oneof(fc.string(), fc.json()), (text) => assertSound(translateDelivery(text))));
    for (const text of ['', '{', '['.repeat(100_000), 'null', '\u0000']) assertSound(translateDelivery(text));
  });

  test('of a room says nothing that is out of place of its siblings', () => {
    const rooms = [
      {
        id: '1',
        therm_setpoint_mode: 'manual',
        therm_setpoint_temperature: 21,
        therm_setpoint_end_time: 1_768_500_000,
      },
      null,
      { therm_setpoint_mode: 'manual' },
      { id: '2', therm_setpoint_mode: 'a mode of the future', therm_setpoint_temperature: 'warm' },
      { id: 3, therm_setpoint_mode: 'hg', therm_setpoint_temperature: 0, therm_setpoint_end_time: 1e300 },
    ];
    const push = { push_type: 'display_change', event_type: 'set_point', home: { id: 'h', rooms } };
    expect(translate(push)).toEqual({
      kind: 'reports',
      reports: [],
      ambients: [
        {
          plantNativeId: 'h',
          ambientId: '1',
          values: { setpoint: 21, mode: 'manual', mode_until: '2026-01-15T18:00:00.000Z' },
        },
        { plantNativeId: 'h', ambientId: '3', values: { mode: 'protection', mode_until: null } },
      ],
      lookAgain: 'state',
    });
  });

  test('«off» that names no room has the state looked at', () => {
    const push = { push_type: 'display_change', event_type: 'set_point', home_id: 'h', mode: 'off' };
    expect(translate(push)).toEqual({ kind: 'reports', reports: [], ambients: [], lookAgain: 'state' });
  });

  test.each([
    ['schedule', { plant_mode: 'schedule', plant_mode_until: null }],
    ['away', { plant_mode: 'away' }],
    ['hg', { plant_mode: 'frost_guard' }],
  ])('of the mode of a home, %s', (mode, values) => {
    const push = { push_type: 'home_event_changed', event_type: 'therm_mode', home_id: 'h', mode };
    expect(translate(push)).toMatchObject({ reports: [{ moduleNativeId: 'h', values }] });
  });

  test.each([
    ['smoke', 0, { smoke: false }],
    ['co_detected', 0, { carbon_monoxide: 'none' }],
    ['co_detected', 1, { carbon_monoxide: 'pre_alarm' }],
    ['tampered', '0', { tampered: false }],
    ['alim', 2, { power_supply: true }],
    ['sd', 5, { memory_card: 'defective' }],
    ['light_mode', 'on', { floodlight: 'on' }],
  ])('%s with sub type %s', (event_type, sub_type, values) => {
    const push = { push_type: `NSD-${event_type}`, device_id: 'd', home_id: 'h', sub_type };
    expect(translate(push)).toMatchObject({ reports: [{ moduleNativeId: 'd', values }] });
  });

  test('of a bare word, and without a home, is read by its device', () => {
    expect(translate({ push_type: 'off', camera_id: 'c' })).toMatchObject({
      reports: [{ moduleNativeId: 'c', values: { monitoring: false } }],
    });
  });
});
