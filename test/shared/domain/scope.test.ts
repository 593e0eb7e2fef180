import { expect, test } from 'vitest';
import { devices, System, systemOf } from '../../../shared/domain/device.ts';
import { Scope } from '../../../shared/domain/scope.ts';

test('has read and write for every system, and one for each resource of our own', () => {
  for (const system of System.options) {
    expect(Scope.options).toContain(`${system}.read`);
    expect(Scope.options).toContain(`${system}.write`);
  }
  expect(Scope.options.filter((scope) => !System.options.some((system) => scope.startsWith(system)))).toEqual(
    ['events.read', 'accounts.read', 'accounts.write', 'tokens.write'],
  );
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
