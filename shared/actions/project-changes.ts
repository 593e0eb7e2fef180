/**
 * The stream's consumer: deliveries become module state, and every change of state becomes its events. It is the
 * only writer of the feed, so that no other function has to write two things at once.
 */
import { LatchkeyError } from '../domain/error.ts';
import { errorPolicy } from '../domain/error-policy.ts';
import { type Event, toEvent } from '../domain/event.ts';
import type { TableChange } from '../domain/table-change.ts';
import { logShard } from '../store/keys.ts';
import type { Store } from '../store/store.ts';
import { factsOf } from './change-facts.ts';
import { unreadable } from './delivery-facts.ts';
import type { ProjectionDependencies } from './projection-dependencies.ts';

/**
 * Projects changes in their order up to the first that fails, whose sequence number is returned: the stream sends it
 * and all after it again. What came before is in the feed by then. A delivery that no repetition will make sense of is
 * told as unreadable instead: whoever knows a webhook's address decides what is in it, and nothing is to wait for that.
 */
export async function projectChanges(
  deps: ProjectionDependencies & { onFailure: (change: TableChange, error: unknown) => void },
  changes: readonly TableChange[],
): Promise<{ failedFrom?: string }> {
  const events: Event[] = [];
  let failedFrom: string | undefined;
  for (const change of changes) {
    try {
      for (const fact of await factsOf(deps, change)) events.push(toEvent(fact, change.sequenceNumber));
    } catch (error) {
      deps.onFailure(change, error);
      if (change.kind === 'delivery' && change.after && !mayPass(error)) {
        const fact = unreadable(change.after, 'could not be taken into the state');
        events.push(toEvent(fact, change.sequenceNumber));
        continue;
      }
      failedFrom = change.sequenceNumber;
      break;
    }
  }
  await appendByShard(deps.store, events);
  return failedFrom === undefined ? {} : { failedFrom };
}

/**
 * Whether the same may succeed later: because it heals, or because an operator puts it right. What the table refuses for
 * itself never will.
 */
function mayPass(error: unknown): boolean {
  if (!(error instanceof LatchkeyError)) return false;
  if (error.code === 'config_invalid') return true;
  const isRefused = error.cause instanceof Error && error.cause.name === 'ValidationException';
  return errorPolicy[error.code].retry === 'later' && !isRefused;
}

async function appendByShard(store: Store, events: readonly Event[]): Promise<void> {
  const byShard = Map.groupBy(events, (event) => logShard(event.data.accountId));
  await Promise.all([...byShard].map(([shard, part]) => store.feed.append(shard, part)));
}
