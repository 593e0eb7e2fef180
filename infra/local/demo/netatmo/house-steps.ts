/** What there is in the house, what it reports, and that it will tell of changes. */
import { Device } from '../../../../shared/domain/device.ts';
import { countByDevice, listCounts } from '../counts.ts';
import { expect, present, type Step } from '../step.ts';
import type { Scene } from './scene.ts';

/** Claire has none of them; a device that is what its owner made it is AllThingsTalk's. */
const absent: readonly Device[] = ['garage_door', 'alarm_panel', 'custom'];
/** They command others, lead to others, or tell by pushes and the history alone. */
const silent: readonly Device[] = ['gateway', 'intercom', 'lock', 'unknown'];

export function houseSteps({ client, netatmo, part, trail }: Scene): Step[] {
  return [
    {
      name: 'find a module of every kind',
      async run() {
        const { homeIds } = await netatmo.user(part.person.email);
        const { homes } = await netatmo.state();
        const plants = await client.plants(trail.accountId);
        for (const home of homes.filter(({ homeId }) => homeIds.includes(homeId))) {
          const plant = present(
            plants.find(({ name }) => name === home.name),
            `a plant ${home.name}`,
          );
          const found = plant.modules.filter(({ device }) => !['plant', 'person'].includes(device));
          expect(
            found.length === home.modules.length,
            `${home.name} has ${home.modules.length} modules, and ${found.length} were found`,
          );
        }
        const modules = await client.modules(trail.accountId);
        const counts = countByDevice(modules);
        const missing = Device.options.filter((device) => !absent.includes(device) && !counts.has(device));
        expect(missing.length === 0, `there is no ${missing.join(', no ')}`);
        return `${modules.length} modules in ${plants.length} plants: ${listCounts(counts)}`;
      },
    },
    {
      name: 'read what every kind reports',
      async run() {
        const modules = await client.modules(trail.accountId);
        const reached = modules.filter(({ reachable }) => reachable !== false);
        const reporting = countByDevice(reached.filter(({ readings }) => readings.length > 0));
        const mute = [...countByDevice(reached).keys()].filter(
          (device) => !silent.includes(device) && !reporting.has(device),
        );
        expect(mute.length === 0, `nothing was read from any ${mute.join(', any ')}`);
        const capabilities = new Set(
          modules.flatMap(({ readings }) => readings).map((each) => each.capability),
        );
        const count = modules.reduce((sum, { readings }) => sum + readings.length, 0);
        const lost = modules.filter((module) => !reached.includes(module)).map(({ name }) => name);
        return `${count} readings of ${capabilities.size} kinds; out of reach: ${lost.join(', ') || 'none'}`;
      },
    },
    {
      name: 'add the webhook',
      async run() {
        const { webhook } = await client.account(trail.accountId);
        expect(webhook.problem === undefined, webhook.problem ?? '');
        const { since } = present(webhook.subscriptions[0], 'a subscription');
        const hook = present((await netatmo.hooks())[0], "a hook at Netatmo's");
        expect(hook.url.includes(`/webhooks/netatmo/${trail.accountId}.`), `Netatmo calls ${hook.url}`);
        return `one for the whole account, since ${since}`;
      },
    },
  ];
}
