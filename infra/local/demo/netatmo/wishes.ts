/** A wish for every action, such that it changes what the module reports. */
import type { ModuleView } from '../../../../shared/api/views.ts';
import { CommandAction, type ModuleWish } from '../../../../shared/domain/command-action.ts';
import { present, readingOf } from '../step.ts';

type Wish<A extends CommandAction> = Extract<ModuleWish, { action: A }>;

/** Those that modules of Netatmo's have: what has a value of any kind is AllThingsTalk's. */
export type NetatmoAction = Exclude<CommandAction, 'set_value'>;
export const netatmoActions = CommandAction.exclude(['set_value']).options;

const wishes: { readonly [A in NetatmoAction]: (module: ModuleView) => Omit<Wish<A>, 'action'> } = {
  set_setpoint: () => ({ temperatureC: 21.5 }),
  // What has just been given a set point goes back to its schedule; a pilot wire knows no set points.
  set_mode: ({ actions }) => ({ mode: actions.includes('set_setpoint') ? 'automatic' : 'off' }),
  set_switch: (module) => ({ on: readingOf(module, 'switch') !== true }),
  set_brightness: (module) => ({ percent: readingOf(module, 'brightness') === 30 ? 60 : 30 }),
  set_position: (module) => ({ percent: readingOf(module, 'position') === 0 ? 100 : 0 }),
  stop: () => ({}),
  set_fan: (module) => ({ speed: readingOf(module, 'fan_speed') === 2 ? 1 : 2 }),
  set_monitoring: (module) => ({ on: readingOf(module, 'monitoring') !== true }),
  set_floodlight: (module) => ({ mode: readingOf(module, 'floodlight') === 'on' ? 'off' : 'on' }),
  set_plant_mode: (module) => ({
    mode: readingOf(module, 'plant_mode') === 'frost_guard' ? 'schedule' : 'frost_guard',
  }),
  select_schedule: (module) => ({
    scheduleId: present(
      module.programs.find(({ programId }) => programId !== readingOf(module, 'program')),
      'another schedule',
    ).programId,
  }),
  set_presence: ({ device }) => ({ present: device === 'plant' }),
};

export function wishFor(action: NetatmoAction, module: ModuleView): object {
  return { action, ...wishes[action](module) };
}
