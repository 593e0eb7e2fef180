import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ownCapability } from '../../../shared/domain/own-capability.ts';
import { CapabilityName } from '../../../shared/domain/reading.ts';

test.each([
  ['pm10', 'value.pm10'],
  ['Battery Level', 'value.Battery~20Level'],
  ['air-quality', 'value.air-quality'],
  ['µg/m³', 'value.~c2~b5g~2fm~c2~b3'],
  ['~20', 'value.~7e20'],
  ['1', 'value.1'],
])('writes %s so that it can be read back', (name, capability) => {
  expect(ownCapability(name)).toBe(capability);
  expect(decodeURIComponent(capability.slice('value.'.length).replaceAll('~', '%'))).toBe(name);
});

test('makes a valid capability of every name, another one for every other', () => {
  const anyName = fc.string({ unit: 'binary', maxLength: 200 });
  fc.assert(
    fc.property(anyName, anyName, (one, other) => {
      const capability = ownCapability(one);
      expect(CapabilityName.parse(capability)).toBe(capability);
      expect(encodeURIComponent(capability)).toBe(capability);
      expect(capability === ownCapability(other)).toBe(one === other);
    }),
  );
});

test('cuts a long name, of which only the profile has the whole', () => {
  const [one, other] = ['é'.repeat(100), `${'é'.repeat(99)}e`].map(ownCapability);
  expect(one).toHaveLength('value.'.length + 62);
  expect(one).not.toBe(other);
  expect(one).toMatch(/~~[0-9a-f]{12}$/);
});

test.each([
  'value.',
  'value.a b',
  'value.%20',
  'value.~zz',
  `value.${'a'.repeat(65)}`,
  `value.${'~20'.repeat(22)}`,
  'valve.a',
  'nothing',
])('refuses %s as a capability', (capability) => {
  expect(CapabilityName.safeParse(capability).success).toBe(false);
});
