/** A house with a module of every kind at Netatmo, from consent to the end. */
import { deadTokenStep, linkSteps, type Part, rotationSteps, unlinkStep } from '../account-steps.ts';
import type { Stage, Step } from '../step.ts';
import { commandSteps } from './command-steps.ts';
import { createNetatmoControls } from './controls.ts';
import { houseSteps } from './house-steps.ts';
import { pastStep } from './past-step.ts';
import { pushSteps } from './push-steps.ts';
import { quotaStep } from './quota-step.ts';
import { refreshAt } from './refresh.ts';
import type { Scene } from './scene.ts';

/** @param url – of the simulated cloud */
export function netatmoSteps(stage: Stage, url: string): Step[] {
  const netatmo = createNetatmoControls(url);
  const part: Part = {
    provider: 'netatmo',
    person: { email: 'claire@example.net', password: 'netatmo' },
    yes: 'Yes, I accept',
    set: netatmo.set,
    accessLifeSeconds: 10_800,
  };
  const scene: Scene = { ...stage, netatmo, part, trail: { accountId: '' } };
  const { trail } = scene;
  return [
    ...linkSteps(stage, part, trail),
    ...houseSteps(scene),
    ...pushSteps(scene),
    ...commandSteps(scene),
    pastStep(scene),
    quotaStep(scene),
    ...rotationSteps(stage, part, trail, () => readAgain(scene)),
    deadTokenStep(stage, part, trail, refreshAt(url, stage)),
    unlinkStep(stage, part, trail, async () => (await netatmo.hooks()).length),
  ];
}

/** @throws {Error} when Netatmo does not answer */
async function readAgain({ client, trail }: Scene): Promise<void> {
  const [plug] = (await client.modules(trail.accountId)).filter(({ device }) => device === 'plug');
  if (plug) await client.module(plug.id, 0);
}
