import type { House } from '../house.ts';
import type { Journal } from '../journal.ts';
import type { Timeline } from '../timeline.ts';
import type { Outbox } from '../webhooks/outbox.ts';
import type { World } from '../world.ts';

/** What the control routes can reach. */
export interface Controls {
  readonly world: World;
  readonly journal: Journal;
  readonly outbox: Outbox;
  readonly house: House;
  readonly timeline: Timeline;
  /** @throws {RangeError} when there are more than an application may have */
  readonly setReplyUrls: (urls: readonly string[]) => void;
}
