/** Every action, sent to one module of each kind that takes it; a step an action. */
import type { CommandView, ModuleView } from '../../../../shared/api/views.ts';
import { CommandAction } from '../../../../shared/domain/command-action.ts';
import { expect, present, type Stage, type Step, until } from '../step.ts';
import type { Scene } from './scene.ts';
import { readingOf, wishFor } from './wishes.ts';

/** A shutter takes 15 seconds from one end to the other; Netatmo's clock does the waiting. */
const TRAVEL_SECONDS = 20;

export function commandSteps(scene: Scene): Step[] {
  return CommandAction.options.map((action) => ({
    name: `command: ${action}`,
    run: () => commandAll(scene, action),
  }));
}

async function commandAll(scene: Scene, action: CommandAction): Promise<string> {
  const { client, netatmo, trail } = scene;
  const targets = oneOfEach(
    (await client.modules(trail.accountId)).filter(({ actions }) => actions.includes(action)),
  );
  expect(targets.length > 0, 'no module takes it');
  const commands: CommandView[] = [];
  for (const target of targets) commands.push(await send(scene, action, target));
  if (action === 'set_position') await netatmo.advance(TRAVEL_SECONDS);
  for (const [index, target] of targets.entries()) {
    const command = present(commands[index], 'a command');
    await seeEffect(scene, target, command).catch((cause: Error) => failOn(target, cause));
  }
  return `${targets.map(({ device }) => device).join(', ')}: succeeded and observed`;
}

/** The first module of each kind that can be reached. */
function oneOfEach(modules: readonly ModuleView[]): ModuleView[] {
  const first = new Map<string, ModuleView>();
  for (const module of modules.filter(
    ({ reachable, readings }) => reachable !== false && readings.length > 0,
  ))
    if (!first.has(module.device)) first.set(module.device, module);
  return [...first.values()];
}

async function send({ client }: Stage, action: CommandAction, target: ModuleView): Promise<CommandView> {
  const wish = wishFor(action, target);
  const command = await (target.device === 'plant'
    ? client.plantCommand(target.plantId, wish)
    : client.command(target.id, wish));
  const { status, problem } = command;
  expect(status === 'succeeded', `${target.device} ${target.name}: ${status}: ${problem?.detail}`);
  return command;
}

async function seeEffect(scene: Scene, target: ModuleView, { id, wish }: CommandView): Promise<void> {
  const { client } = scene;
  if (wish.action === 'set_presence') return await seeEverybodyGone(scene, target);
  const now = await client.module(target.id, 0);
  if (wish.action === 'stop') {
    const [at, to] = [readingOf(now, 'position'), readingOf(now, 'target_position')];
    return expect(at === to, `it is at ${at} and still on its way to ${to}`);
  }
  await until(
    () => client.showCommand(id),
    ({ observedAt }) => observedAt !== undefined,
  );
}

/** It shows on the modules of the people, not on the plant's own. */
async function seeEverybodyGone({ client, trail }: Scene, { plantId }: ModuleView): Promise<void> {
  const people = (await client.modules(trail.accountId)).filter(
    (module) => module.plantId === plantId && module.device === 'person',
  );
  for (const { id, name } of people)
    expect(readingOf(await client.module(id, 0), 'present') === false, `${name} is still there`);
}

function failOn({ device, name }: ModuleView, cause: Error): never {
  throw new Error(`${device} ${name}: ${cause.message}`, { cause });
}
