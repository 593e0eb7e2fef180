/** A house with something of everything at Netatmo, from consent to the end. */
import { type AccountTrail, linkSteps, type Part, rotationSteps, unlinkStep } from './account-steps.ts';
import { createNetatmoControls } from './netatmo-controls.ts';
import type { Stage, Step } from './step.ts';

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
  const trail: AccountTrail = { accountId: '' };
  return [
    ...linkSteps(stage, part, trail),
    ...rotationSteps(stage, part, trail, () => stage.client.account(trail.accountId)),
    unlinkStep(stage, part, trail, async () => (await netatmo.hooks()).length),
  ];
}
