/** Where the house's story takes place, and how far it has come. */
import type { AccountTrail, Part } from '../account-steps.ts';
import type { Stage } from '../step.ts';
import type { NetatmoControls } from './controls.ts';

export interface Scene extends Stage {
  readonly netatmo: NetatmoControls;
  readonly part: Part;
  readonly trail: AccountTrail;
}
