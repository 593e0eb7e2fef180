import type { House } from '../house.ts';
import type { Journal } from '../journal.ts';
import type { Route } from '../router.ts';
import type { Timeline } from '../timeline.ts';
import type { Outbox } from '../webhooks/outbox.ts';
import type { World } from '../world.ts';

export interface Controls {
  readonly world: World;
  readonly journal: Journal;
  readonly outbox: Outbox;
  readonly house: House;
  readonly timeline: Timeline;
  readonly setReplyUrls: (urls: readonly string[]) => void;
}

/** Everything under `/_sim/`. */
export function controlRoutes(_controls: Controls): Route[] {
  return [];
}
