import { type ControlRoute, control } from '../../simulation/control/control-route.ts';
import { Settings } from '../settings.ts';
import type { World } from '../world.ts';

/** Everything about the vendor that is not certain (contract 8). */
export function settingRoutes({ state }: World): ControlRoute[] {
  return [
    control('GET', '/settings', {
      summary: 'the switches for what is not known of the vendor, and lifetimes',
      handle: () => state.settings,
    }),
    control('POST', '/settings', {
      summary: 'changes some of them: {mfaRequired?, errorForm?, validation?, historyPageSize? …}',
      body: Settings.partial().strict(),
      handle: (changes) => Object.assign(state.settings, changes),
    }),
  ];
}
