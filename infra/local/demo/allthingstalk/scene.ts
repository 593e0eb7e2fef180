/** Where the story takes place, and how far it has come. */
import type { AccountTrail } from '../account-steps.ts';
import type { Stage } from '../step.ts';
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
