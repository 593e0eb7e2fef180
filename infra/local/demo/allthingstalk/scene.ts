/** Where the story takes place, and how far it has come. */

import type { ModuleView } from '../../../../shared/api/views.ts';
import type { AccountTrail } from '../account-steps.ts';
import { present, type Stage } from '../step.ts';
import type { AllthingstalkControls } from './controls.ts';

export interface Scene extends Stage {
  readonly allthingstalk: AllthingstalkControls;
  /** Linked by Casey's password. */
  readonly trail: AccountTrail;
  /** Linked by the token of Casey's ground, for another owner. */
  readonly byGround: AccountTrail;
  /** Linked by the token of a device of it, for a third. */
  readonly byDevice: AccountTrail;
}

export const GROUND_OWNER = 'owner-2';
export const DEVICE_OWNER = 'owner-3';

/** What of the seed the story is about. */
export const HOUSE = 'Home';
export const SENSOR = 'Hallway node';

/** As an account has it: three of them have the sensor. */
export async function moduleNamed(
  { client }: Scene,
  { accountId }: AccountTrail,
  name: string,
): Promise<ModuleView> {
  const found = (await client.modules(accountId)).find((module) => module.name === name);
  return present(found, `a module ${name}`);
}
