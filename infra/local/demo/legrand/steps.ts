/** A thermostat at Legrand, from consent to the end. */
import type { Event } from '../../../../shared/domain/event.ts';
import { Problem } from '../../../../shared/domain/problem.ts';
import { type AccountTrail, linkSteps, type Part, rotationSteps, unlinkStep } from '../account-steps.ts';
import { changesOf, expect, PATIENCE_SECONDS, present, type Stage, type Step, until } from '../step.ts';
import { createLegrandControls } from './controls.ts';

const QUOTA_PAUSE_SECONDS = 3;

/** @param url – of the simulated cloud */
export function legrandSteps(stage: Stage, url: string): Step[] {
  const legrand = createLegrandControls(url);
  const part: Part = {
    provider: 'legrand',
    person: { email: 'marie@example.net', password: 'legrand' },
    yes: 'Allow',
    set: legrand.set,
    accessLifeSeconds: 3600,
  };
  const trail: AccountTrail = { accountId: '' };
  const { client } = stage;
  let moduleId: string;
  let nativeModuleId: string;
  let commandId: string;
  return [
    ...linkSteps(stage, part, trail),
    {
      name: 'find plants and modules',
      async run() {
        const plants = await client.plants(trail.accountId);
        const modules = await client.modules(trail.accountId);
        const module = present(modules[0], 'a module');
        moduleId = module.id;
        const native = (await legrand.state()).plants.flatMap((plant) => plant.modules);
        nativeModuleId = present(
          native.find(({ name }) => name === module.name),
          'its twin',
        ).moduleId;
        return `${plants.map(({ name }) => name).join(', ')}: ${modules.map(({ name }) => name).join(', ')}`;
      },
    },
    {
      name: 'subscribe to webhooks',
      async run() {
        const { webhook } = await client.account(trail.accountId);
        const held = present(webhook.subscriptions[0], 'a subscription').subscriptionId;
        const { subscriptions } = await legrand.state();
        expect(
          subscriptions.some(({ subscriptionId }) => subscriptionId === held),
          'Legrand does not have it',
        );
        return `subscription ${held}`;
      },
    },
    {
      name: 'see a change arrive in the feed',
      async run() {
        trail.cursor = (await client.events(undefined, 0)).next;
        const temperatureC = 23.5;
        await legrand.touch({ moduleId: nativeModuleId, temperatureC });
        const { event, next } = await client.awaitEvent(
          trail.cursor,
          (event) => isChange(event, moduleId, 'temperature', temperatureC),
          PATIENCE_SECONDS,
        );
        trail.cursor = next;
        return `${event.type} ${event.id}: temperature ${temperatureC} °C`;
      },
    },
    {
      name: 'send a command',
      async run() {
        const command = await client.command(
          moduleId,
          { action: 'set_setpoint', temperatureC: 21.5 },
          'demo-1',
        );
        expect(
          command.status === 'succeeded',
          `the command is ${command.status}: ${command.problem?.detail}`,
        );
        commandId = command.id;
        return `sent ${command.sentAt}, acknowledged ${present(command.acknowledgedAt, 'an acknowledgement')}`;
      },
    },
    {
      name: 'see its effect on the thermostat',
      async run() {
        const { next } = await client.awaitEvent(
          trail.cursor,
          (event) => isChange(event, moduleId, 'setpoint', 21.5),
          PATIENCE_SECONDS,
        );
        trail.cursor = next;
        const { observedAt } = await until(
          () => client.showCommand(commandId),
          (command) => command.observedAt !== undefined,
        );
        return `observed ${observedAt}`;
      },
    },
    {
      name: 'outwait somebody at the display',
      async run() {
        await legrand.fault({ name: 'busy', on: 'set_status', times: 1 });
        const command = await client.command(moduleId, { action: 'set_setpoint', temperatureC: 20 });
        expect(
          command.status === 'succeeded',
          `the command is ${command.status}: ${command.problem?.detail}`,
        );
        const answers = (await legrand.requests()).filter(({ operation }) => operation === 'set_status');
        const latest = answers.slice(-2).map(({ status }) => status);
        expect(String(latest) === '486,200', `Legrand answered ${latest.join(', ')}`);
        return `answered 486 (busy), asked again, acknowledged ${command.acknowledgedAt}`;
      },
    },
    ...rotationSteps(stage, part, trail, () => client.module(moduleId, 0)),
    {
      name: 'keep to the quota',
      async run() {
        await legrand.fault({
          name: 'quota_exceeded',
          on: 'status',
          times: 1,
          waitSeconds: QUOTA_PAUSE_SECONDS,
        });
        const ask = () => client.call('GET', `/v1/modules/${moduleId}?maxAge=0`);
        const refusal = await ask();
        expect(refusal.status === 429, `Legrand's quota refusal became ${refusal.status}`);
        const { provider } = Problem.parse(await refusal.json());
        const asked = (await legrand.requests()).length;
        const second = await ask();
        expect(second.status === 429, `Latchkey answered ${second.status} before the quota was back`);
        expect((await legrand.requests()).length === asked, 'Legrand was asked all the same');
        await until(ask, ({ status }) => status === 200);
        const { windows } = (await client.account(trail.accountId)).quota;
        const [day] = windows;
        return `«${provider?.message}»: not asked before then; ${day?.remaining} of ${day?.calls} calls left today`;
      },
    },
    unlinkStep(stage, part, trail, async () => (await legrand.state()).subscriptions.length),
  ];
}

function isChange(event: Event, moduleId: string, capability: string, value: number): boolean {
  const isTold = changesOf(event).some(
    (change) => change.capability === capability && change.value === value,
  );
  return event.subject === moduleId && isTold;
}
