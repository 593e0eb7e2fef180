/** Bodies that no thermostat sends, each with what is wrong with it: found in the wild, or thought of. */
import { createHash } from 'node:crypto';

const KILOBYTE = 1024;

/** One notification in Event Grid's envelope, as it should be; the cases below break one thing each. */
export function notification(data: unknown, envelope: object = {}): string {
  const id = createHash('sha256')
    .update(JSON.stringify([data]))
    .digest('base64url');
  return JSON.stringify([{ id, eventType: 'DeviceToCloud', data, ...envelope }]);
}

export function thermostat(more: object): object {
  return {
    chronothermostats: [{ sender: { plant: { id: 'junk-plant', module: { id: 'junk-module' } } }, ...more }],
  };
}

const measured = (value: unknown) =>
  notification(
    thermostat({ thermometer: { measures: [{ timeStamp: '2026-01-15T17:00:00Z', value, unit: 'C' }] } }),
  );
const timed = (time: unknown) => notification(thermostat({ time, setPoint: { value: '20', unit: 'C' } }));
const placed = (plantId: unknown, moduleId: unknown) =>
  notification({ chronothermostats: [{ sender: { plant: { id: plantId, module: { id: moduleId } } } }] });
const greeting = (validationCode: unknown) =>
  notification({ validationCode }, { eventType: 'Microsoft.EventGrid.SubscriptionValidationEvent' });

const deepArray = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);
const deepObject = (depth: number) => `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`;
const polluting = '{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}';

export const corpus: Readonly<Record<string, string | Buffer>> = {
  nothing: '',
  blanks: ' \r\n\t ',
  'a byte order mark before the JSON': `\uFEFF${measured('20')}`,
  'UTF-16': Buffer.from(measured('20'), 'utf16le'),
  'Latin-1': Buffer.from('{"name":"Zoë"}', 'latin1'),
  'bytes that are no text': Buffer.from([0xff, 0xfe, 0x00, 0xc0, 0xaf, 0xed, 0xa0, 0x80]),
  'an overlong slash': Buffer.from([0x7b, 0x22, 0xc0, 0xaf, 0x22, 0x3a, 0x31, 0x7d]),
  'zero bytes': Buffer.alloc(1000),
  'half a surrogate': '{"id":"\\ud800","eventType":"DeviceToCloud","data":"\\udfff"}',
  'a zero byte in a name': '{"a\\u0000b":"\\u0000"}',
  gzip: Buffer.from('1f8b0800000000000003ab56ca48cdc9c95700c20600', 'hex'),
  'a form': 'payload=%7B%22id%22%3A1%7D&x[__proto__][y]=1',
  'a multipart form': '--x\r\nContent-Disposition: form-data; name="f"\r\n\r\n{}\r\n--x--\r\n',
  XML: '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>',
  HTML: '<html><script>alert(1)</script></html>',
  'JSON that ends too early': measured('20').slice(0, -9),
  'JSON that goes on too long': `${measured('20')}]`,
  'JSON with a comma too much': '[{"id":"a",},]',
  'JSON with comments': '/* a */ {"id": 1} // b',
  'names without quotes': "{id:'a'}",
  'words that JSON does not have': '[NaN,Infinity,undefined]',
  'a number alone': '7',
  'null alone': 'null',
  'text alone': '"DeviceToCloud"',
  'an empty list': '[]',
  'a list of nothings': '[null,null]',
  'lists in lists': '[[],[[],[]]]',
  'a thousand nothings': `[${Array(1000).fill('null').join(',')}]`,
  'eleven events': `[${Array(11).fill('{"id":"e","eventType":"DeviceToCloud"}').join(',')}]`,
  'the same name twice': '{"id":"a","id":"b","eventType":"x","eventType":7}',
  'a list as deep as it is long': deepArray(128 * KILOBYTE),
  'an object as deep as it is long': deepObject(40 * KILOBYTE),
  'two events, one of them very deep': `[${deepArray(100 * KILOBYTE)},{"id":"e","eventType":"x"}]`,
  'two events that grow when they are written again': `[{"id":"g","eventType":"x","data":[${Array(40_000).fill('1e20').join(',')}]},1]`,
  'a very deep notification': `[{"id":"d","eventType":"DeviceToCloud","data":${deepObject(30 * KILOBYTE)}}]`,
  'a name that never ends': `{"${'n'.repeat(200 * KILOBYTE)}":1}`,
  'as much as is taken': Buffer.alloc(256 * KILOBYTE, 'x'),
  'more than is taken': Buffer.alloc(256 * KILOBYTE + 1, 'x'),
  'what takes too much as text': Buffer.alloc(200 * KILOBYTE, 0xff),
  'prototypes in the body': polluting,
  'prototypes in the envelope': `[{"id":"p","eventType":"DeviceToCloud","data":{},${polluting.slice(1)}]`,
  'prototypes in the data': `[{"id":"p","eventType":"DeviceToCloud","data":${polluting}}]`,
  'prototypes in a thermostat': `[{"id":"p","eventType":"DeviceToCloud","data":{"chronothermostats":[${polluting}]}}]`,
  'a plant from Object itself': placed('__proto__', 'constructor'),
  'ids that look like keys': placed('ACCOUNT#x', 'MODULE#y'),
  'ids that are too long': placed('p'.repeat(5000), 'm'.repeat(5000)),
  'ids that are no text': placed({ a: 1 }, [2]),
  'an event id that is no text': notification({}, { id: { $gt: '' } }),
  'an event id that is too long': notification({}, { id: 'i'.repeat(5000) }),
  'an event id with a path': notification({}, { id: '../../../etc/passwd' }),
  'an event id with a key': notification({}, { id: 'DELIVERY#ACCOUNT' }),
  'an empty event id': notification({}, { id: '' }),
  'an event type that is no text': notification({}, { eventType: ['DeviceToCloud'] }),
  'thermostats that are no list': notification({ chronothermostats: { length: 1e9 } }),
  'thermostats that are nothing': notification({ chronothermostats: [null, 7, 'x', []] }),
  'a temperature beyond what the table can hold': measured('1e300'),
  'a temperature too small for the table': measured('1e-300'),
  'a temperature beyond numbers': measured('1e999'),
  'a temperature that is a list': measured([[20]]),
  'a temperature in hexadecimal': measured('0x14'),
  'a temperature with a unit inside': measured('20 °C; DROP TABLE'),
  'a programme number beyond numbers': notification(thermostat({ programs: [{ number: 1e300 }] })),
  'a day that there is not': timed('2026-02-30T25:61:61Z'),
  'the end of time': timed('9999-12-31T23:59:59Z'),
  'the year nought': timed('0000-01-01T00:00:00+14:00'),
  'a time that never ends': timed('2'.repeat(100_000)),
  'an activation that never ends': notification(
    thermostat({ mode: 'MANUAL', activationTime: '/'.repeat(100_000) }),
  ),
  'a handshake without a code': greeting(undefined),
  'a handshake whose code is no text': greeting({ toString: 'x' }),
  'a handshake whose code is long': greeting('c'.repeat(200 * KILOBYTE)),
  'a handshake whose code breaks lines': greeting('a\r\nset-cookie: b=c'),
};
