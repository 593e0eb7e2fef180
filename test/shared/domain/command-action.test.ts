import { expect, test } from 'vitest';
import { CommandAction, ModuleWish } from '../../../shared/domain/command-action.ts';

test.each([
  [{ action: 'set_setpoint', temperatureC: 21 }],
  [{ action: 'set_setpoint', temperatureC: 3, until: '2026-01-15T20:00:00Z' }],
  [{ action: 'set_setpoint', temperatureC: 40 }],
  [{ action: 'set_mode', mode: 'automatic', program: '2' }],
  [{ action: 'set_mode', mode: 'boost', minutes: 30 }],
  [{ action: 'set_mode', mode: 'away', until: '2026-01-15T20:00:00Z' }],
  [{ action: 'set_value', capability: 'brightness', value: 40 }],
  [{ action: 'set_value', capability: 'value.air-quality', value: 'x'.repeat(2_046) }],
  [{ action: 'set_value', capability: 'value.report', value: { rooms: [{ warm: true, at: null }] } }],
  [{ action: 'set_value', capability: 'value.note', value: '' }],
])('understands %j', (wish) => {
  expect(ModuleWish.parse(wish)).toEqual(wish);
});

test.each([
  ['an action that there is not', { action: 'set_fire' }, 'action'],
  ['no action', { temperatureC: 21 }, 'action'],
  ['a field that there is not', { action: 'set_setpoint', temperatureC: 21, temperature: 21 }, ''],
  ['a field of another action', { action: 'set_setpoint', temperatureC: 21, mode: 'off' }, ''],
  ['text for a number', { action: 'set_setpoint', temperatureC: '21' }, 'temperatureC'],
  ['no temperature', { action: 'set_setpoint' }, 'temperatureC'],
  ['a temperature below 3', { action: 'set_setpoint', temperatureC: 2.9 }, 'temperatureC'],
  ['Fahrenheit', { action: 'set_setpoint', temperatureC: 70 }, 'temperatureC'],
  ['a number that is none', { action: 'set_setpoint', temperatureC: Number.NaN }, 'temperatureC'],
  ['a local time', { action: 'set_setpoint', temperatureC: 21, until: '2026-01-15T20:00:00' }, 'until'],
  ['an offset', { action: 'set_setpoint', temperatureC: 21, until: '2026-01-15T20:00:00+01:00' }, 'until'],
  ['a mode that there is not', { action: 'set_mode', mode: 'eco' }, 'mode'],
  ['no minutes at all', { action: 'set_mode', mode: 'boost', minutes: 0 }, 'minutes'],
  ['half minutes', { action: 'set_mode', mode: 'boost', minutes: 30.5 }, 'minutes'],
  ['more than a day', { action: 'set_mode', mode: 'boost', minutes: 1441 }, 'minutes'],
  ['a capability that there is not', { action: 'set_value', capability: 'colour', value: 1 }, 'capability'],
  ['no value', { action: 'set_value', capability: 'value.colour' }, 'value'],
  ['a long value', { action: 'set_value', capability: 'value.a', value: 'x'.repeat(2_047) }, 'value'],
  [
    'a deep value',
    { action: 'set_value', capability: 'value.a', value: JSON.parse(`${'['.repeat(9)}${']'.repeat(9)}`) },
    'value',
  ],
  ['a number that is too large', { action: 'set_value', capability: 'value.a', value: 1e300 }, 'value'],
  ['a member without a name', { action: 'set_value', capability: 'value.a', value: { '': 1 } }, 'value'],
  ['a programme without a name', { action: 'set_mode', mode: 'automatic', program: '' }, 'program'],
])('refuses %s', (_, wish, field) => {
  const { error } = ModuleWish.safeParse(wish);
  expect(error?.issues.map(({ path }) => path.join('.'))).toEqual([field]);
});

test('lists an action for every wish', () => {
  const wished = ModuleWish.options.flatMap((option) =>
    ('options' in option ? option.options : [option]).map((wish) => wish.shape.action.value),
  );
  expect(wished.toSorted()).toEqual(CommandAction.options.toSorted());
});
