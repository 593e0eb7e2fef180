/** What `setstate` asks of modules, or why that cannot be (contract 2.4 and 3.8). */
import type { Answer } from '../../simulation/answer.ts';
import type { Command, Json } from '../house/catalog/device-type.ts';
import { typeOf } from '../house/catalog.ts';
import { type Home, moduleOf, parentOf } from '../house/home.ts';
import { isReachable, type Module, positionOf } from '../house/module.ts';
import { PilotWire } from '../house/room.ts';
import { mayWrite } from '../scopes.ts';
import type { World } from '../world.ts';
import { apiError } from './envelope.ts';
import type { Caller } from './gateway.ts';
import type { SentModule } from './sent-state.ts';

export interface ModuleCommand {
  readonly module: Module;
  readonly key: string;
  readonly value: Json;
}

/** An entry of `body.errors`; its codes are not those of the API. */
export interface PartialError {
  readonly code: number;
  readonly id: string;
  readonly message?: string;
  readonly command?: string;
}

const DEVICE_UNREACHABLE = 6;
const COMMAND_INVALID_PARAMS = 5;
const MODULE_UNREACHABLE = 19;
const NOTHING_TO_MODIFY = 23;

type Refused = { readonly refused: Answer };

export function readModules(
  world: World,
  home: Home,
  caller: Caller,
  sent: readonly SentModule[],
): { commands: ModuleCommand[]; errors: PartialError[] } | Refused {
  const commands: ModuleCommand[] = [];
  const errors: PartialError[] = [];
  for (const entry of sent) {
    const module = moduleOf(home, entry.id);
    const refused = refusal(home, caller, entry, module);
    if (refused || !module) return { refused: refused ?? apiError(21, `Invalid device_id, ${entry.id}`) };
    const { id, bridge: _bridge, ...wanted } = entry;
    const unreachable = whyUnreachable(world, home, module);
    if (unreachable !== undefined) {
      errors.push({ code: unreachable, id });
      continue;
    }
    for (const [key, value] of Object.entries(wanted)) {
      const command = { module, key, value };
      const error = judge(command);
      if (error) errors.push(error);
      else if (changes(world, command)) commands.push(command);
    }
  }
  return { commands, errors };
}

/** What makes the whole request void. */
function refusal(
  home: Home,
  caller: Caller,
  sent: SentModule,
  module: Module | undefined,
): Answer | undefined {
  if (!module) return apiError(21, `Invalid device_id, ${sent.id}`);
  const { family, commands } = typeOf(module.type);
  // What is said without its bridge finds no way; the words are not on record.
  if (module.bridge !== undefined && sent.bridge !== module.bridge)
    return apiError(21, `Invalid bridge for module ${sent.id}`);
  for (const key of Object.keys(sent)) {
    if (key === 'id' || key === 'bridge') continue;
    // A plain valve has no state of its own to set (contract 3.7).
    if (module.type === 'NRV' || module.type === 'NATherm1') return apiError(7, 'Nothing to update');
    if (!canObey(home, module, key, commands))
      return apiError(21, `cannot set property ${key} for module ${sent.id}`);
  }
  return mayWrite(caller.scopes, family)
    ? undefined
    : apiError(13, 'Application does not have the good scope rights');
}

function canObey({ modules }: Home, module: Module, key: string, commands: readonly Command[]): boolean {
  // The double switch itself has no `on`: its channels have.
  const hasChannels = modules.some(({ moduleId }) => moduleId.startsWith(`${module.moduleId}#`));
  return commands.some((command) => command === key) && !(key === 'on' && hasChannels);
}

function whyUnreachable({ clock }: World, home: Home, module: Module): number | undefined {
  const now = clock.now();
  const bridge = module.bridge === undefined ? undefined : moduleOf(home, module.bridge);
  if (bridge && !isReachable(bridge, now)) return DEVICE_UNREACHABLE;
  if (isReachable(parentOf(home, module) ?? module, now)) return undefined;
  return module.bridge === undefined ? DEVICE_UNREACHABLE : MODULE_UNREACHABLE;
}

/** Whether a value can be one; booleans and numbers are JSON's own. */
const isValid: Readonly<Record<string, (value: Json, module: Module) => boolean>> = {
  on: (value) => typeof value === 'boolean',
  brightness: (value) => typeof value === 'number' && value >= 0 && value <= 100,
  target_position: (value, { type }) =>
    typeof value === 'number' &&
    ([-2, -1, 0, 100].includes(value) || (typeOf(type).shutterStep === 1 && value > 0 && value < 100)),
  target_orientation_float: (value) => typeof value === 'number',
  fan_speed: (value) => value === 1 || value === 2,
  monitoring: (value) => value === 'on' || value === 'off',
  floodlight: (value) => ['on', 'off', 'auto'].includes(String(value)),
  siren_status: (value) => typeof value === 'string',
  scenario: (value) => typeof value === 'string',
  therm_setpoint_fp: (value) => PilotWire.safeParse(value).success,
};

function judge({ module, key, value }: ModuleCommand): PartialError | undefined {
  const id = module.moduleId;
  if (!isValid[key]?.(value, module)) return { code: COMMAND_INVALID_PARAMS, id };
  if (key === 'monitoring' && module.status.monitoring === value)
    return { code: NOTHING_TO_MODIFY, message: `Already ${value}`, id, command: key };
  return undefined;
}

function changes({ clock }: World, { module, key, value }: ModuleCommand): boolean {
  if (key === 'scenario') return true;
  if (key !== 'target_position') return module.status[key] !== value;
  const position = positionOf(module, clock.now());
  const target = module.travel?.to ?? 0;
  return value === -1 ? position !== target : value === -2 || value !== target;
}
