import { expect, type Step } from '../step.ts';
import { moduleNamed, type Scene, SENSOR } from './scene.ts';

const DAY_MS = 86_400_000;
const HOURS = 24;
/** A sensor tells its temperature every ten minutes. */
const POINTS = 144;

/** What AllThingsTalk kept before anybody linked it. */
export function pastStep(scene: Scene): Step {
  return {
    name: 'look back a day',
    async run() {
      const { id } = await moduleNamed(scene, scene.trail, SENSOR);
      const to = Math.floor(Date.now() / DAY_MS) * DAY_MS;
      const span = { from: new Date(to - DAY_MS).toISOString(), to: new Date(to - 1).toISOString() };
      const lookBack = (resolution: string) =>
        scene.client.history(id, { capability: 'temperature', resolution, limit: '1000', ...span });
      const means = await lookBack('1hour');
      expect(means.items.length === HOURS, `${means.items.length} hours instead of ${HOURS}`);
      const points = await lookBack('raw');
      expect(points.items.length === POINTS, `${points.items.length} points instead of ${POINTS}`);
      return `${SENSOR}: ${HOURS} hourly means, the last ${means.items.at(-1)?.value} ${means.unit}, of ${POINTS} points`;
    },
  };
}
