import { expect, present, type Step } from '../step.ts';
import type { Scene } from './scene.ts';

const DAY_MS = 86_400_000;
const HOURS = 24;

/** What Netatmo has measured and used up before anybody linked it. */
export function pastStep({ client, trail }: Scene): Step {
  return {
    name: 'look back a day',
    async run() {
      const modules = await client.modules(trail.accountId);
      const to = Math.floor(Date.now() / DAY_MS) * DAY_MS;
      const span = { from: new Date(to - DAY_MS).toISOString(), to: new Date(to - 1).toISOString() };
      const lookBack = async (device: string, capability: string) => {
        const module = present(
          modules.find((each) => each.device === device && each.readings.length > 0),
          `a ${device}`,
        );
        const { items, unit } = await client.history(module.id, { capability, resolution: '1hour', ...span });
        expect(items.length === HOURS, `${items.length} hours of ${module.name} instead of ${HOURS}`);
        return `${module.name}: ${items.length} hours of ${capability}, the last ${items.at(-1)?.value} ${unit}`;
      };
      return [await lookBack('weather_station', 'temperature'), await lookBack('plug', 'energy')].join('; ');
    },
  };
}
