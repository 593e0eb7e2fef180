import { moduleIdFor } from '../../../../shared/domain/ids.ts';
import { expect, present, type Step } from '../step.ts';
import { HOUSE, type Scene } from './scene.ts';

/** Latchkey's own idea of a ground token: whoever holds it sees one plant, and nothing tells of another. */
export function plantTokenStep({ client, clientWith, trail }: Scene): Step {
  return {
    name: 'give somebody one plant alone',
    async run() {
      const plants = await client.plants(trail.accountId);
      const given = present(
        plants.find(({ name }) => name === HOUSE),
        `a plant ${HOUSE}`,
      );
      const [other] = plants.filter(({ id }) => id !== given.id).flatMap(({ modules }) => modules);
      const foreign = present(other, 'a module of another plant');
      const made = await client.createToken({
        kind: 'plant',
        plant: given.id,
        scopes: ['weather.read', 'lighting.read', 'events.read'],
        label: 'demo',
      });
      const guest = clientWith(made.token);
      const seen = await guest.plants(trail.accountId);
      expect(
        seen.length === 1 && seen[0]?.id === given.id,
        `it sees ${seen.map(({ name }) => name).join(', ')}`,
      );
      const modules = await guest.modules(trail.accountId);
      expect(
        modules.length > 0 && modules.every(({ plantId }) => plantId === given.id),
        'it sees other modules',
      );
      const { events } = await guest.events(undefined, 0, { limit: 1000 });
      expect(
        events.length > 0 && !events.some(({ subject }) => subject === foreign.id),
        'it is told of others',
      );
      const answers = [
        await guest.call('GET', `/v1/modules/${foreign.id}`),
        await guest.call('GET', `/v1/modules/${moduleIdFor(trail.accountId, 'nothing')}`),
        await guest.call('GET', `/v1/accounts/${trail.accountId}`),
      ].map(({ status }) => status);
      expect(String(answers) === '404,404,403', `it is answered ${answers.join(', ')}`);
      const names = modules.map(({ name }) => name).join(', ');
      return `${made.prefix}… sees ${given.name}: ${names}; ${foreign.name} is as unknown to it as what there is not`;
    },
  };
}
