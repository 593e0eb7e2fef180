import { expect, test } from 'vitest';
import { Device, devices, System, systemOf } from '../../../shared/domain/device.ts';
import { Scope } from '../../../shared/domain/scope.ts';

test('has read and write for every system and every kind of device, and one for each resource of our own', () => {
  const subjects = [...System.options, ...Device.options];
  const own = ['events.read', 'accounts.read', 'accounts.write', 'tokens.write'];
  const ofModules = subjects.flatMap((subject) => [`${subject}.read`, `${subject}.write`]);
  expect(Scope.options).toEqual([...ofModules, ...own]);
  expect(new Set(Scope.options).size).toBe(Scope.options.length);
});

test('knows no scope that stands for any system: only routes ask for that', () => {
  expect(Scope.safeParse('system.read').success).toBe(false);
  expect(Scope.safeParse('public').success).toBe(false);
});

test('puts a thermostat under comfort, and what it does not know under nothing', () => {
  expect(systemOf('thermostat')).toBe('comfort');
  expect(systemOf('unknown')).toBeNull();
  for (const { system } of Object.values(devices)) expect(System.nullable().parse(system)).toBe(system);
});
