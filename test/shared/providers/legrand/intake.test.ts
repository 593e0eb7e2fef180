import { describe, expect, it } from 'vitest';
import { legrandIntake } from '../../../../shared/providers/legrand/intake.ts';
import { envelope, handshake, notified } from './samples.ts';

const split = (body: unknown) => legrandIntake.split(JSON.stringify(body));
const reply = (body: unknown) => legrandIntake.reply?.(JSON.stringify(body));

describe("Legrand's intake", () => {
  it('keeps the text of an array of one event as it came', () => {
    const body = ` [ ${JSON.stringify(envelope())} ]\n`;
    expect(legrandIntake.split(body)).toEqual([{ eventId: envelope().id, raw: body }]);
  });

  it('keeps the text of one envelope as it came', () => {
    expect(split(envelope())).toEqual([{ eventId: envelope().id, raw: JSON.stringify(envelope()) }]);
  });

  it('splits an array of several events, each with its own id', () => {
    const other = { ...envelope(), id: 'another' };
    expect(split([envelope(), other])).toEqual([
      { eventId: envelope().id, raw: JSON.stringify(envelope()) },
      { eventId: 'another', raw: JSON.stringify(other) },
    ]);
  });

  it('does not split more than ten, each of which costs a write', () => {
    const many = Array.from({ length: 11 }, () => envelope());
    expect(split(many)).toEqual([{ raw: JSON.stringify(many) }]);
    expect(split(many.slice(1))).toHaveLength(10);
  });

  it.each([
    ['are nested deeper than any event is', `[{},${'['.repeat(100)}${']'.repeat(100)}]`],
    ['are nested deeper than can be written again', `[{},${'['.repeat(90_000)}${']'.repeat(90_000)}]`],
    ['would be longer when written again', '[{"id":"e-1","eventType":"x","data":[1e20,1e20]},7]'],
  ])('does not split events that %s', (_, body) => {
    expect(legrandIntake.split(body)).toEqual([{ raw: body }]);
  });

  it.each([
    ['a bare notification', { chronothermostats: [notified] }],
    ['an id that is no event id', { id: 'x', chronothermostats: [] }],
    ['an empty id', { ...envelope(), id: '' }],
    ['an endless id', { ...envelope(), id: 'x'.repeat(129) }],
    ['a numeric id', [{ ...envelope(), id: 7 }]],
    ['an empty array', []],
    ['null', [null]],
  ])('gives no event id to %s', (_, body) => {
    expect(split(body)).toEqual([{ raw: JSON.stringify(body) }]);
  });

  it.each(['', 'hello', '[{', '\u0000'])('takes junk as one delivery: %j', (body) => {
    expect(legrandIntake.split(body)).toEqual([{ raw: body }]);
    expect(legrandIntake.reply?.(body)).toBeUndefined();
  });

  it('splits what is nested as deep as may be', () => {
    expect(legrandIntake.split(`[{},${'['.repeat(99)}${']'.repeat(99)}]`)).toHaveLength(2);
  });

  it('answers the handshake with both names that were ever asked for', () => {
    const answer = { validationResponse: 'F1E2', validationCode: 'F1E2' };
    expect(reply([handshake])).toEqual(answer);
    expect(reply(handshake)).toEqual(answer);
    expect(reply([envelope(), handshake])).toEqual(answer);
  });

  it.each([
    ['an ordinary event', [envelope()]],
    ['a handshake without a code', [{ ...handshake, data: {} }]],
    ['a handshake whose code is no text', [{ ...handshake, data: { validationCode: 7 } }]],
    ['a handshake without data', [{ ...handshake, data: null }]],
    ['an event that only mentions it', [{ ...envelope(), subject: handshake.eventType }]],
  ])('answers nothing to %s', (_, body) => {
    expect(reply(body)).toBeUndefined();
  });
});
