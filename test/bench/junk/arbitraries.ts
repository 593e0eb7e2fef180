/** Requests that make no sense, in ways nobody thought of. */
import fc from 'fast-check';
import type { Sent } from '../send.ts';
import { corpus, notification, thermostat } from './corpus.ts';

/** Names that mean something to JavaScript, to us or to Legrand. */
const words = [
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'toJSON',
  'then',
  'length',
  'id',
  'eventType',
  'data',
  'DeviceToCloud',
  'Microsoft.EventGrid.SubscriptionValidationEvent',
  'validationCode',
  'chronothermostats',
  'sender',
  'plant',
  'module',
  'thermometer',
  'hygrometer',
  'measures',
  'value',
  'unit',
  'timeStamp',
  'setPoint',
  'programs',
  'number',
  'mode',
  'activationTime',
  'time',
];
const word = fc.constantFrom(...words);
const text = fc.oneof(word, fc.string({ unit: 'binary', maxLength: 40 }), fc.string({ unit: 'grapheme' }));
const number = fc.oneof(
  fc.double(),
  fc.constantFrom(1e300, -1e300, 1e-300, 5e-324, Number.MAX_SAFE_INTEGER, 2 ** 63, -0),
);
const time = fc.oneof(
  fc.constantFrom('0000-01-01T00:00:00+14:00', '9999-12-31T23:59:59-12:00', '2026-02-30T12:00:00', '24:00'),
  fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
);
const leaf = fc.oneof(text, number, number.map(String), time, fc.boolean(), fc.constant(null));

/** JSON text whose objects may hold any name, and the same name twice, as no object of JavaScript can. */
const { json } = fc.letrec<{ json: string; list: string; object: string }>((tie) => ({
  json: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    leaf.map((value) => JSON.stringify(value)),
    tie('list'),
    tie('object'),
  ),
  list: fc.array(tie('json'), { maxLength: 6 }).map((items) => `[${items.join(',')}]`),
  object: fc
    .array(fc.tuple(text, tie('json')), { maxLength: 6 })
    .map((members) => `{${members.map(([name, value]) => `${JSON.stringify(name)}:${value}`).join(',')}}`),
}));

const anything = json.map((value): unknown => JSON.parse(value));

/** Nearly right, which reaches further than nonsense does; none names a module that there is. */
const almost = fc
  .record(
    {
      time: leaf,
      mode: leaf,
      function: leaf,
      setPoint: fc.oneof(anything, fc.record({ value: leaf, unit: leaf })),
      thermometer: fc.oneof(
        anything,
        fc.record({ measures: fc.array(fc.record({ value: leaf, unit: leaf, timeStamp: leaf })) }),
      ),
      programs: fc.oneof(anything, fc.array(fc.record({ number: leaf }))),
      activationTime: leaf,
      loadState: leaf,
      temperatureFormat: leaf,
      sender: fc.oneof(
        anything,
        fc.record({ plant: fc.record({ id: leaf, module: fc.record({ id: leaf }) }) }),
      ),
    },
    { requiredKeys: [] },
  )
  .chain((said) =>
    fc.record({ id: leaf, eventType: leaf }, { requiredKeys: [] }).map((envelope) => ({ said, envelope })),
  )
  .map(({ said, envelope }) => notification(thermostat(said), envelope));

/** A body of the corpus with bytes changed, cut out or doubled. */
const spoilt = fc
  .record({
    body: fc.constantFrom(...Object.values(corpus)).map((body) => Buffer.from(body).subarray(0, 4_000)),
    at: fc.nat(3_999),
    length: fc.nat(40),
    instead: fc.uint8Array({ maxLength: 20 }),
  })
  .map(({ body, at, length, instead }) =>
    Buffer.concat([body.subarray(0, at), instead, body.subarray(Math.min(at + length, body.length))]),
  );

const nested = fc
  .record({
    open: fc.constantFrom('[', '{"a":', '[1,', '{"__proto__":'),
    depth: fc.nat(20_000),
    closed: fc.boolean(),
  })
  .map(({ open, depth, closed }) => {
    const close = open.startsWith('{') ? '}' : ']';
    return `${open.repeat(depth)}0${closed ? close.repeat(depth) : ''}`;
  });

/** Up to a little more than is taken. */
const huge = fc
  .record({ length: fc.nat(270_000), filling: fc.constantFrom('x', '1e20,', '[', '"', '\u{1F525}', '\0') })
  .map(({ length, filling }) => filling.repeat(Math.ceil(length / filling.length)).slice(0, length));

const events = fc.array(json, { minLength: 2, maxLength: 12 }).map((items) => `[${items.join(',')}]`);

export const junkText = fc.oneof(
  { weight: 5, arbitrary: json },
  { weight: 6, arbitrary: almost },
  { weight: 3, arbitrary: events },
  { weight: 1, arbitrary: nested },
  { weight: 2, arbitrary: text },
);

const body = fc.oneof(
  { weight: 16, arbitrary: junkText.map((value) => Buffer.from(value)) },
  { weight: 1, arbitrary: junkText.map((value) => Buffer.from(value, 'utf16le')) },
  { weight: 4, arbitrary: spoilt },
  { weight: 2, arbitrary: fc.uint8Array({ maxLength: 2_000 }).map((bytes) => Buffer.from(bytes)) },
  { weight: 1, arbitrary: huge.map((value) => Buffer.from(value)) },
);

/** What a client can put on the wire at all; anything else never gets past a gateway. */
const headerName = fc.stringMatching(/^[a-z][a-z0-9!#$%&'*+.^_`|~-]{0,30}$/).map((name) => `x-${name}`);
const headerValue = fc.stringMatching(/^[\x21-\x7e\x80-\xff]{0,200}$/);
const headers = fc
  .record(
    {
      'content-type': fc.oneof(
        fc.constantFrom(
          'application/json',
          'application/json; charset=utf-16',
          'text/plain',
          'image/png',
          ';',
          '',
        ),
        headerValue,
      ),
      'content-encoding': fc.constantFrom('gzip', 'br', 'identity', 'nonsense'),
      'user-agent': headerValue,
      cookie: headerValue,
      'x-amzn-trace-id': headerValue,
      'x-forwarded-for': headerValue,
    },
    { requiredKeys: [] },
  )
  .chain((known) =>
    fc
      .dictionary(headerName, fc.oneof(headerValue, fc.array(headerValue, { minLength: 2, maxLength: 4 })), {
        maxKeys: 6,
      })
      .map((others) => ({ ...others, ...known })),
  );

export const junkRequest: fc.Arbitrary<Sent> = fc.record({ body, headers });
