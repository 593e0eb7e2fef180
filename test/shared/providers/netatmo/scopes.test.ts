import { describe, expect, test } from 'vitest';
import { knownTypes, typeOf } from '../../../../infra/local/providers/netatmo/house/catalog.ts';
import { scopes as cloudsScopes } from '../../../../infra/local/providers/netatmo/scopes.ts';
import { System } from '../../../../shared/domain/device.ts';
import { scopes, scopesFor, scopesOfSystems } from '../../../../shared/providers/netatmo/scopes.ts';

test('every scope that the cloud gives is known, and no other', () => {
  expect(scopes.toSorted()).toEqual(cloudsScopes.toSorted());
  expect(new Set(scopes).size).toBe(scopes.length);
});

describe('systems', () => {
  test.each([
    ['weather', ['read_station']],
    [
      'comfort',
      [
        'read_homecoach',
        'read_thermostat',
        'write_thermostat',
        'read_smarther',
        'write_smarther',
        'read_magellan',
        'write_magellan',
        'read_mhs1',
        'write_mhs1',
      ],
    ],
    [
      'automation',
      ['read_magellan', 'write_magellan', 'read_bubendorff', 'write_bubendorff', 'read_mhs1', 'write_mhs1'],
    ],
    [
      'security',
      [
        'read_camera',
        'write_camera',
        'read_presence',
        'write_presence',
        'read_doorbell',
        'read_smokedetector',
        'read_carbonmonoxidedetector',
        'read_mx',
        'write_mx',
        'read_mhs1',
        'write_mhs1',
        'read_bfi',
        'write_bfi',
      ],
    ],
  ] as const)('%s need their own scopes and no others', (system, expected) => {
    expect(scopesOfSystems([system])).toEqual(expected);
  });

  test('together need each scope once', () => {
    const all = scopesOfSystems(System.options);
    expect(new Set(all).size).toBe(all.length);
    expect(scopesOfSystems(['weather', 'comfort'])).toHaveLength(10);
    expect(scopesOfSystems([])).toEqual([]);
  });

  test('never need streams and video, what is retired, nor what only one client knows', () => {
    const left = scopes.filter((scope) => !scopesOfSystems(System.options).includes(scope));
    expect(left.toSorted()).toEqual([
      'access_camera',
      'access_doorbell',
      'access_presence',
      'read_june',
      'write_doorbell',
      'write_june',
    ]);
  });
});

describe('a type of device', () => {
  test.each(knownTypes.map((type) => [type]))(
    '%s is read by the scope that the cloud shows it to',
    (type) => {
      const { family, commands } = typeOf(type);
      const { read, write } = scopesFor(type);
      expect(read).toBe(`read_${family}`);
      expect([undefined, `write_${family}`]).toContain(write);
      if (commands.length > 0) expect(write).toBe(`write_${family}`);
    },
  );

  test.each([
    ['NLX9', { read: 'read_magellan', write: 'write_magellan' }],
    ['NLIS#1', { read: 'read_magellan', write: 'write_magellan' }],
    ['NBX', { read: 'read_bubendorff', write: 'write_bubendorff' }],
    ['BNX', { read: 'read_mhs1', write: 'write_mhs1' }],
    ['BFX', { read: 'read_bfi', write: 'write_bfi' }],
    ['NAModule9', { read: 'read_station' }],
    ['', { read: 'read_magellan', write: 'write_magellan' }],
  ])('%j, that nobody knows, goes by its prefix', (type, expected) => {
    expect(scopesFor(type)).toEqual(expected);
  });

  test('a person is seen and told by the scopes of the indoor camera', () => {
    expect(scopesFor('person')).toEqual({ read: 'read_camera', write: 'write_camera' });
  });
});
