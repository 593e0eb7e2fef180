/** Everything that the devices claim to take; that it was sent and that it was done are two facts. */
import type { CommandView, ModuleView } from '../../../../shared/api/views.ts';
import { expect, present, readingOf, type Step, until } from '../step.ts';
import { moduleNamed, type Scene } from './scene.ts';
import { isSimple, simpleActions, simpleWish, valueWishes } from './wishes.ts';

const BLIND = 'Attic blind';
/** Longer than any device takes that acts at all. */
const LONG_SECONDS = 25;

export function commandSteps(scene: Scene): Step[] {
  const { allthingstalk, client, trail } = scene;
  return [
    {
      name: 'command a device that is offline',
      async run() {
        const blind = await moduleNamed(scene, trail, BLIND);
        const before = readingOf(blind, 'position');
        const { id } = await send(scene, blind, simpleWish('set_position', blind));
        await allthingstalk.advance(LONG_SECONDS);
        const after = readingOf(await client.module(blind.id, 0), 'position');
        expect(after === before, `it is at ${after}`);
        await expectUnobserved(scene, id);
        const { outcome } = present((await allthingstalk.commands()).at(-1), 'a command');
        await allthingstalk.setOnline((await allthingstalk.device(BLIND)).deviceId, true);
        return `${BLIND}: AllThingsTalk took it all the same, and it was ${outcome}; nothing is said to be observed`;
      },
    },
    ...simpleActions.map((action) => ({
      name: `command: ${action}`,
      async run() {
        const takers = (await client.modules(trail.accountId)).filter(({ actions }) =>
          actions.includes(action),
        );
        expect(takers.length > 0, 'no module takes it');
        for (const { id } of takers) {
          const module = await client.module(id);
          await command(scene, module, simpleWish(action, module));
        }
        return `${takers.map(({ name }) => name).join(', ')}: succeeded and observed`;
      },
    })),
    {
      name: 'command: set_value',
      async run() {
        const modules = await client.modules(trail.accountId);
        const unknown = modules
          .flatMap(({ actions }) => actions)
          .filter((each) => !isSimple(each) && each !== 'set_value');
        expect(unknown.length === 0, `nobody has said how to wish for ${unknown.join(', ')}`);
        const done: string[] = [];
        const silent: string[] = [];
        for (const module of modules)
          for (const wish of valueWishes(module)) {
            const isObserved = await command(scene, module, wish);
            (isObserved ? done : silent).push(`${module.name} ${wish.capability}`);
          }
        expect(done.length > 0, 'nothing was observed');
        return `${done.join(', ')}: succeeded and observed; sent, and never said to be done: ${silent.join(', ')}`;
      },
    },
  ];
}

/** Whether its effect was observed, as it must be where the device acts; one that does not is never said to have. */
async function command(scene: Scene, module: ModuleView, wish: object): Promise<boolean> {
  const sent = await send(scene, module, wish);
  const { actsAfterSeconds, assets } = await scene.allthingstalk.device(module.name);
  await scene.allthingstalk.advance(actsAfterSeconds ?? 0);
  await scene.client.module(module.id, 0);
  const acts = actsAfterSeconds !== undefined || assets.every(({ is }) => is === 'virtual');
  if (acts)
    await until(
      () => scene.client.showCommand(sent.id),
      ({ observedAt }) => observedAt !== undefined,
    );
  else await expectUnobserved(scene, sent.id);
  return acts;
}

async function send({ client }: Scene, { id, name }: ModuleView, wish: object): Promise<CommandView> {
  const sent = await client.command(id, wish);
  const { status, acknowledgedAt, problem } = sent;
  expect(status === 'succeeded', `${name}: the command is ${status}: ${problem?.detail}`);
  present(acknowledgedAt, `an acknowledgement for ${name}`);
  return sent;
}

async function expectUnobserved({ client }: Scene, commandId: string): Promise<void> {
  const { observedAt } = await client.showCommand(commandId);
  expect(observedAt === undefined, `it is said to be observed ${observedAt}`);
}
