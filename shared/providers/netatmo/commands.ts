/** A wish, made into calls of the kind that the hardware takes. */
import type { CommandAction } from '../../domain/command-action.ts';
import { LatchkeyError } from '../../domain/error.ts';
import type { Module } from '../../domain/module.ts';
import type { CommandTarget, PreparedCommand } from '../provider.ts';
import { assertCarriedOut, type ConnectApi } from './call.ts';
import { setMode, setSetpoint } from './climate-wishes.ts';
import {
  setBrightness,
  setFan,
  setFloodlight,
  setMonitoring,
  setPosition,
  setSwitch,
  stop,
} from './device-wishes.ts';
import { readNative } from './native.ts';
import { selectSchedule, setPlantMode, setPresence } from './plant-wishes.ts';
import type { Translate, WishOf } from './wished-calls.ts';

/** How each action of this hardware becomes calls. */
const translations: { readonly [A in CommandAction]?: Translate<A> } = {
  set_setpoint: setSetpoint,
  set_mode: setMode,
  set_switch: setSwitch,
  set_brightness: setBrightness,
  set_position: setPosition,
  stop,
  set_fan: setFan,
  set_monitoring: setMonitoring,
  set_floodlight: setFloodlight,
  set_plant_mode: setPlantMode,
  select_schedule: selectSchedule,
  set_presence: setPresence,
};

export function prepareCommand<A extends CommandAction>(
  api: ConnectApi,
  wish: WishOf<A>,
  target: CommandTarget,
  now: number,
): PreparedCommand {
  const { module } = target;
  const translate = module.actions.includes(wish.action) ? translations[wish.action] : undefined;
  if (!translate) throw unsupported(wish.action, module);
  const { calls, expects } = translate(wish, target, now);
  return {
    expects,
    // Every call says how it shall be, and when it shall end; who has stopped or left is not moved by hearing it again.
    isIdempotent: true,
    async execute(session) {
      for (const call of calls) assertCarriedOut(await api(session, call), idsOf(module));
    },
  };
}

/** What an error within a success can be about, to be one of this module. */
function idsOf(module: Module): string[] {
  const { bridge, room } = readNative(module);
  return [module.nativeId, bridge, room].filter((id) => id !== undefined);
}

function unsupported(action: CommandAction, { actions, withheld }: Module): LatchkeyError {
  const message = `This module has no action ${action}`;
  const missing = withheld.find((each) => each.actions.includes(action));
  if (missing)
    return new LatchkeyError('command_unsupported', `${message} without the scope ${missing.scope}`, {
      details: { remedy: `Start a new link that asks for ${missing.scope} as well`, actor: 'owner' },
    });
  const remedy = actions.length > 0 ? `It takes ${actions.join(', ')}` : 'It takes no commands';
  return new LatchkeyError('command_unsupported', message, { details: { remedy } });
}
