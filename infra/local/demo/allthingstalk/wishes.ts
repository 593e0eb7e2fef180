/** A wish for everything that the devices of the story can be told, such that it changes what they report. */
import type { ModuleView } from '../../../../shared/api/views.ts';
import type { CommandAction, ModuleWish } from '../../../../shared/domain/command-action.ts';
import { OwnCapability } from '../../../../shared/domain/own-capability.ts';
import { CapabilityName, type ReadingValue } from '../../../../shared/domain/reading.ts';
import { present, readingOf } from '../step.ts';

/** Those that modules of AllThingsTalk's have, but for the value of a capability of their own. */
export const simpleActions = ['set_switch', 'set_brightness', 'set_setpoint', 'set_position'] as const;
type SimpleAction = (typeof simpleActions)[number];

const simpleWishes: Readonly<Record<SimpleAction, (module: ModuleView) => object>> = {
  set_switch: (module) => ({ on: readingOf(module, 'switch') !== true }),
  set_brightness: () => ({ percent: 30 }),
  set_setpoint: () => ({ temperatureC: 21.5 }),
  set_position: () => ({ percent: 40 }),
};

export function isSimple(action: CommandAction): action is SimpleAction {
  return simpleActions.some((simple) => simple === action);
}

export function simpleWish(action: SimpleAction, module: ModuleView): object {
  return { action, ...simpleWishes[action](module) };
}

const ownValues: Readonly<Record<string, ReadingValue>> = {
  'value.colour': '#3366ff',
  'value.scene': 'evening',
  'value.mode': 'manual',
  'value.siren': true,
  'value.average-temperature': 21.3,
  'value.note': 'Back on "Sunday"',
  'value.tags': ['home', 'guests'],
  'value.report': { open: 0, rooms: [{ name: 'Hall' }] },
};

type ValueWish = Extract<ModuleWish, { action: 'set_value' }>;

/** One for each value of its own that the module can be told. */
export function valueWishes({ profiles }: ModuleView): ValueWish[] {
  return Object.entries(profiles).flatMap(([name, profile]) => {
    const capability = CapabilityName.parse(name);
    if (!profile?.writable || !OwnCapability.safeParse(capability).success) return [];
    const value = present(ownValues[capability], `a wish for ${capability}`);
    return [{ action: 'set_value', capability, value }];
  });
}
