/** What Casey's account opens, and what its devices tell. */
import { OwnCapability } from '../../../../shared/domain/own-capability.ts';
import { CapabilityProfile } from '../../../../shared/domain/reading.ts';
import { countByDevice, listCounts } from '../counts.ts';
import { expect, present, type Step } from '../step.ts';
import { HOUSE, type Scene } from './scene.ts';

export function houseSteps({ allthingstalk, client, trail }: Scene): Step[] {
  return [
    {
      name: 'find plants and modules',
      async run() {
        const plants = await client.plants(trail.accountId);
        const modules = await client.modules(trail.accountId);
        for (const { title } of (await allthingstalk.state()).devices)
          present(
            modules.find(({ name }) => name === title),
            `a module ${title}`,
          );
        expect(
          plants.some(({ name }) => name === HOUSE),
          `there is no ${HOUSE}`,
        );
        const names = plants.map(({ name }) => name).join(', ');
        return `${modules.length} modules in ${names}: ${listCounts(countByDevice(modules))}`;
      },
    },
    {
      name: 'read values of every type',
      async run() {
        const modules = await client.modules(trail.accountId);
        const readings = modules.flatMap((module) =>
          module.readings.map((reading) => ({ ...reading, profile: module.profiles[reading.capability] })),
        );
        const own = readings.filter(({ capability }) => OwnCapability.safeParse(capability).success);
        const shown = new Map(
          own.map(({ capability, value, unit, profile }) => [
            present(profile, `a profile of ${capability}`).type,
            `${capability} ${JSON.stringify(value)}${unit === null ? '' : ` ${unit}`}`,
          ]),
        );
        const missing = CapabilityProfile.shape.type.options.filter((type) => !shown.has(type));
        expect(missing.length === 0, `nothing was read of type ${missing.join(', ')}`);
        const examples = [...shown].map(([type, example]) => `${type} ${example}`).join('; ');
        return `${readings.length - own.length} in words of ours, ${own.length} in words of their own: ${examples}`;
      },
    },
  ];
}
