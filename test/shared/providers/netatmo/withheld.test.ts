import { expect, test } from 'vitest';
import type { CommandAction } from '../../../../shared/domain/command-action.ts';
import { withhold } from '../../../../shared/providers/netatmo/withheld.ts';

const dimmer = {
  capabilities: ['switch', 'brightness'] as const,
  actions: ['set_switch', 'set_brightness'] as const,
};

test('nothing is withheld where both scopes were granted', () => {
  expect(withhold('NLFN', dimmer, ['read_magellan', 'write_magellan'])).toEqual({ ...dimmer, withheld: [] });
});

test('without the scope to write, actions are withheld', () => {
  expect(withhold('NLFN', dimmer, ['read_magellan'])).toEqual({
    capabilities: dimmer.capabilities,
    actions: [],
    withheld: [{ scope: 'write_magellan', capabilities: [], actions: dimmer.actions }],
  });
});

test('without the scope to read, capabilities are withheld of what Netatmo shows all the same', () => {
  expect(withhold('NLFN', dimmer, ['write_magellan'])).toEqual({
    capabilities: [],
    actions: dimmer.actions,
    withheld: [{ scope: 'read_magellan', capabilities: dimmer.capabilities, actions: [] }],
  });
});

test('what can neither be read nor told withholds nothing', () => {
  expect(withhold('NLG', { capabilities: [], actions: [] }, [])).toEqual({
    capabilities: [],
    actions: [],
    withheld: [],
  });
});

test('an action can need the scope of another type', () => {
  const typeOf = (action: CommandAction) => (action === 'set_presence' ? 'person' : 'BNS');
  const abilities = { capabilities: [], actions: ['set_plant_mode', 'set_presence'] as const };
  expect(withhold('BNS', abilities, ['read_smarther', 'write_smarther'], typeOf)).toMatchObject({
    actions: ['set_plant_mode'],
    withheld: [{ scope: 'write_camera', actions: ['set_presence'] }],
  });
});
