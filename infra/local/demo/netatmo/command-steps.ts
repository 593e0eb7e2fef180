/** Every action, sent to one module of each kind that takes it; a step an action. */
import type { CommandView, ModuleView } from '../../../../shared/api/views.ts';
import { expect, readingOf, type Stage, type Step, until } from '../step.ts';
import type { Scene } from './scene.ts';
import { type NetatmoAction, netatmoActions, wishFor } from './wishes.ts';

/** A shutter takes 15 seconds from one end to the other; Netatmo's clock does the waiting. */
const TRAVEL_SECONDS = 20;
const READ_AGAIN_MS = 1500;

export function commandSteps(scene: Scene): Step[] {
  return netatmoActions.map((action) => ({
    name: `command: ${action}`,
    run: () => commandAll(scene, action),
  }));
}

async function commandAll(scene: Scene, action: NetatmoAction): Promise<string> {
  const { client, trail } = scene;
  const takers = (await client.modules(trail.accountId)).filter(({ actions }) => actions.includes(action));
  const targets = oneOfEach(takers);
  expect(targets.length > 0, 'no module takes it');
  for (const { id, device, name } of targets) {
    const target = await client.module(id);
    await command(scene, action, target).catch((cause: Error) => {
      throw new Error(`${device} ${name}: ${cause.message}`, { cause });
    });
  }
  const done = targets.map(({ device }) => device);
  const mute = new Set(takers.map(({ device }) => device).filter((device) => !done.includes(device)));
  const passedOver = mute.size === 0 ? '' : `; of ${[...mute].join(', ')} none reports what it would show`;
  return `${done.join(', ')}: succeeded and observed${passedOver}`;
}

/** The first module of each kind that can be reached and reports something, by the names of the kinds: a person leaves before the plant calls everybody back. */
function oneOfEach(modules: readonly ModuleView[]): ModuleView[] {
  const first = new Map<string, ModuleView>();
  for (const module of modules.filter(
    ({ reachable, readings }) => reachable !== false && readings.length > 0,
  ))
    if (!first.has(module.device)) first.set(module.device, module);
  return [...first.values()].sort((one, other) => one.device.localeCompare(other.device));
}

async function command(scene: Scene, action: NetatmoAction, target: ModuleView): Promise<void> {
  if (action === 'stop') await setMoving(scene, target);
  const sent = await send(scene, action, target);
  if (action === 'set_position') await scene.netatmo.advance(TRAVEL_SECONDS);
  if (action === 'stop') return expectAtRest(await scene.client.module(target.id, 0));
  if (action === 'set_presence' && target.device === 'plant') return await expectEverybodyBack(scene, target);
  await seeEffect(scene, target, sent);
}

/** Netatmo counts in seconds: what is read again within the same one is no news. */
async function seeEffect({ client }: Stage, target: ModuleView, { id }: CommandView): Promise<void> {
  let readAtMs = 0;
  const look = async () => {
    if (Date.now() - readAtMs > READ_AGAIN_MS) {
      await client.module(target.id, 0);
      readAtMs = Date.now();
    }
    return await client.showCommand(id);
  };
  await until(look, ({ observedAt }) => observedAt !== undefined);
}

async function send({ client }: Stage, action: NetatmoAction, target: ModuleView): Promise<CommandView> {
  const wish = wishFor(action, target);
  const sent = await (target.device === 'plant'
    ? client.plantCommand(target.plantId, wish)
    : client.command(target.id, wish));
  const { status, problem } = sent;
  expect(status === 'succeeded', `the command is ${status}: ${problem?.detail}`);
  return sent;
}

async function setMoving(scene: Scene, target: ModuleView): Promise<void> {
  await send(scene, 'set_position', target);
  await scene.netatmo.advance(TRAVEL_SECONDS / 4);
}

/** Where a shutter stops, nobody can tell beforehand: so nothing is observed of the command itself. */
function expectAtRest(shutter: ModuleView): void {
  const [at, to] = [readingOf(shutter, 'position'), readingOf(shutter, 'target_position')];
  expect(at === to, `it is at ${at} and still on its way to ${to}`);
  expect(at !== 0 && at !== 100, `it went to its end, ${at}, instead of stopping`);
}

/** It shows on the modules of the people, not on the plant's own. */
async function expectEverybodyBack({ client, trail }: Scene, { plantId }: ModuleView): Promise<void> {
  const people = (await client.modules(trail.accountId)).filter(
    (module) => module.plantId === plantId && module.device === 'person',
  );
  expect(people.length > 0, 'it knows nobody');
  for (const { id, name } of people)
    expect(readingOf(await client.module(id, 0), 'present') === true, `${name} is not back`);
}
