import type { Journal } from '../../simulation/journal.ts';
import type { Timeline } from '../../simulation/timeline.ts';
import type { House } from '../house.ts';
import type { Outbox } from '../rules/outbox.ts';
import type { SeenAttempt } from '../rules/seen-attempt.ts';
import type { World } from '../world.ts';

/** What the control routes can reach. */
export interface Controls {
  readonly world: World;
  readonly journal: Journal<SeenAttempt>;
  readonly outbox: Outbox;
  readonly house: House;
  readonly timeline: Timeline;
}
