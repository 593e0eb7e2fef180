/** Devices of any kind at AllThingsTalk, linked in three ways. */
import { deadTokenStep, rotationSteps } from '../account-steps.ts';
import type { Stage, Step } from '../step.ts';
import { commandSteps } from './command-steps.ts';
import { createAllthingstalkControls } from './controls.ts';
import { deletedTokenSteps } from './deleted-token-steps.ts';
import { houseSteps } from './house-steps.ts';
import { passwordSteps } from './password-steps.ts';
import { pastStep } from './past-step.ts';
import { plantTokenStep } from './plant-token-step.ts';
import { refreshAt } from './refresh.ts';
import { ruleSteps } from './rule-steps.ts';
import { moduleNamed, type Scene, SENSOR } from './scene.ts';
import { tokenSteps } from './token-steps.ts';
import { unlinkAllStep } from './unlink-step.ts';

/** @param url – of the simulated cloud */
export function allthingstalkSteps(stage: Stage, url: string): Step[] {
  const allthingstalk = createAllthingstalkControls(url);
  const part = { provider: 'allthingstalk', set: allthingstalk.set, accessLifeSeconds: 3_599 } as const;
  const scene: Scene = {
    ...stage,
    allthingstalk,
    trail: { accountId: '' },
    byGround: { accountId: '' },
    byDevice: { accountId: '' },
  };
  const { trail } = scene;
  return [
    ...passwordSteps(scene),
    ...houseSteps(scene),
    ...tokenSteps(scene),
    ...commandSteps(scene),
    ...ruleSteps(scene),
    pastStep(scene),
    ...rotationSteps(stage, part, trail, () => readSensor(scene)),
    deadTokenStep(stage, part, trail, refreshAt(url)),
    ...deletedTokenSteps(scene),
    plantTokenStep(scene),
    unlinkAllStep(scene),
  ];
}

/** @throws {Error} when AllThingsTalk does not answer */
async function readSensor(scene: Scene): Promise<void> {
  const { id } = await moduleNamed(scene, scene.trail, SENSOR);
  await scene.client.module(id, 0);
}
