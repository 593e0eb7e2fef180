import { describe, expect, it } from 'vitest';
import { translateDelivery } from '../../../../shared/providers/legrand/delivery.ts';
import { envelope, handshake, MODULE, notified, PLANT } from './samples.ts';

const translate = (body: unknown) => translateDelivery(JSON.stringify(body), () => 'Europe/Paris');
const ofAnotherType = 'is an event of a type that says nothing of the home';
const place = { plantNativeId: PLANT, moduleNativeId: MODULE };

describe('a Legrand delivery', () => {
  it.each([
    ['an array of envelopes', [envelope()]],
    ['one envelope', envelope()],
    ['the bare object', { chronothermostats: [notified] }],
    ['an envelope without a type', { data: { chronothermostats: [notified] } }],
  ])('is read as %s', (_, body) => {
    expect(translate(body)).toMatchObject({
      kind: 'reports',
      reports: [{ ...place, values: { setpoint: 20.5 } }],
    });
  });

  it('tells wall-clock times in the zone of the plant it is about', () => {
    const zones: Record<string, string> = { [PLANT]: 'Asia/Tokyo' };
    const raw = JSON.stringify([envelope()]);
    expect(translateDelivery(raw, (plantId) => zones[plantId] ?? 'UTC')).toMatchObject({
      reports: [{ values: { mode_until: '2026-01-15T13:30:00.000Z' } }],
    });
  });

  it('may hold several events and thermostats', () => {
    const both = { chronothermostats: [notified, notified] };
    expect(translate([envelope(both), envelope()])).toMatchObject({ reports: [place, place, place] });
  });

  it('counts for what can be read of it', () => {
    expect(translate([envelope(), 'junk', handshake])).toMatchObject({ kind: 'reports', reports: [place] });
    expect(translate([handshake, 'junk'])).toMatchObject({ kind: 'unreadable' });
  });

  it.each([
    ['a handshake', [handshake], 'is a validation handshake'],
    ['an unknown kind of event', [envelope({ doorbell: true }, 'Ring')], ofAnotherType],
    ['an unknown kind of event without data', { eventType: 'Ring' }, ofAnotherType],
    ['no event', [], 'holds no event'],
    ['no thermostat', [envelope({ chronothermostats: [] })], 'holds no thermostat'],
  ])('says nothing of the home when it is %s', (_, body, reason) => {
    expect(translate(body)).toEqual({ kind: 'ignored', reason });
  });

  it.each([
    '',
    'hello',
    '{"chronothermostats":',
    'null',
    '42',
    '"text"',
    '{}',
    '[null]',
    '[[[]]]',
    '{"chronothermostats":{}}',
    '{"chronothermostats":[null,7]}',
    '[{"eventType":"DeviceToCloud","data":null}]',
    '[{"eventType":"DeviceToCloud"}]',
    JSON.stringify([envelope({ chronothermostats: [{ ...notified, sender: undefined }] })]),
    '['.repeat(200_000),
  ])('is unreadable, and does not throw, as %.40s', (raw) => {
    const translation = translateDelivery(raw, () => 'UTC');
    expect(translation).toMatchObject({
      kind: 'unreadable',
      reason: expect.stringMatching(/^(is|does|holds) /),
    });
  });
});
