/** What became of the deliveries: in the table, in the feed, in the history and in the modules. */
import { setTimeout as sleep } from 'node:timers/promises';
import * as z from 'zod';
import type { Event } from '../../../shared/domain/event.ts';
import { accountPartition, prefixes } from '../../../shared/store/keys.ts';
import { readingOf } from '../../end-to-end/home.ts';
import type { LocalLatchkey } from '../local-latchkey.ts';
import type { Lane, PlannedDelivery } from './plan.ts';
import { bodyOf } from './sender.ts';

export interface Audit {
  /** Distinct deliveries that were acknowledged. */
  readonly acknowledged: number;
  /** Acknowledged and not in the table as they were sent. */
  readonly lost: number;
  /** In the table without having been sent. */
  readonly surplus: number;
  /** Readings that are not in the feed, or in no history. */
  readonly untold: number;
  /** Readings, or deliveries that cannot be read, that the feed tells of under two ids. */
  readonly toldTwice: number;
  /** Events that the feed has a second time under the same id, as it may after a consumer died. */
  readonly copies: number;
  /** Modules that do not show their newest reading. */
  readonly stale: number;
}

const Streams = z.object({
  streams: z.array(z.looseObject({ checkpoint: z.string(), head: z.string(), isCaughtUp: z.boolean() })),
});
const History = z.object({ items: z.array(z.object({ value: z.unknown() })), next: z.string().nullish() });
const LOOK_AGAIN_MS = 2_000;
/** Without any progress for so long, the stream is not going to end, milliseconds. */
const STANDSTILL_MS = 120_000;

/** Resolves when everything that was written has been projected. */
export async function awaitProjection(
  { api }: Pick<LocalLatchkey, 'api'>,
  progress: (line: string) => void,
): Promise<void> {
  let [seen, seenAtMs] = ['', performance.now()];
  for (;;) {
    const { streams } = Streams.parse(await (await fetch(`${api}/_local/streams`)).json());
    if (streams.every(({ isCaughtUp }) => isCaughtUp)) return;
    const places = streams.map(({ checkpoint, head }) => `${checkpoint} of ${head}`).join(', ');
    if (places !== seen) [seen, seenAtMs] = [places, performance.now()];
    if (performance.now() - seenAtMs > STANDSTILL_MS)
      throw new Error(`the stream's consumers stand still at ${places}`);
    progress(`the stream's consumers are at ${places}`);
    await sleep(LOOK_AGAIN_MS);
  }
}

export async function auditFlood(
  latchkey: LocalLatchkey,
  lanes: readonly Lane[],
  startMs: number,
): Promise<Audit> {
  const planned = new Map(lanes.flatMap(({ steps }) => steps.flat()).map((one) => [one.eventId, one]));
  const deliveries = [...planned.values()];
  const stored = await storedDeliveries(latchkey);
  const { idsOf, copies } = await readFeed(latchkey);
  const histories = await Promise.all(
    latchkey.home.modules.map(({ moduleId }) => historyOf(latchkey, moduleId)),
  );
  const isTold = (delivery: PlannedDelivery) => idsOf(subjectOf(latchkey, delivery)).size > 0;
  const isInHistory = ({ module, temperatureC }: PlannedDelivery) =>
    temperatureC === undefined || histories[module]?.get(temperatureC) === 1;
  const newest = lanes.map(({ module, steps }) => ({ module, value: newestOf(steps.flat()) }));
  const shown = await latchkey.client.modules(latchkey.home.accountId);

  return {
    acknowledged: deliveries.length,
    lost: deliveries.filter((one) => stored.get(one.eventId) !== bodyOf(latchkey, one, startMs).toString())
      .length,
    surplus: [...stored.keys()].filter((eventId) => !planned.has(eventId)).length,
    untold: deliveries.filter((one) => !isTold(one) || !isInHistory(one)).length,
    toldTwice: deliveries.filter((one) => idsOf(subjectOf(latchkey, one)).size > 1).length,
    copies,
    stale: newest.filter(({ module, value }) => {
      const { moduleId } = latchkey.home.modules[module] ?? {};
      const found = shown.find(({ id }) => id === moduleId);
      return !found || readingOf(found, 'temperature') !== value;
    }).length,
  };
}

function newestOf(deliveries: readonly PlannedDelivery[]): number | undefined {
  return deliveries
    .filter(({ temperatureC }) => temperatureC !== undefined)
    .reduce<PlannedDelivery | undefined>(
      (newest, one) => (newest && newest.atSeconds > one.atSeconds ? newest : one),
      undefined,
    )?.temperatureC;
}

/** Raw bodies by the provider's event id. */
async function storedDeliveries({ kept, home }: LocalLatchkey): Promise<Map<string, string>> {
  const items = await kept.partition(accountPartition(home.accountId));
  return new Map(
    items
      .filter(({ sk }) => String(sk).startsWith(prefixes.delivery))
      .map(({ deliveryId, raw }) => [String(deliveryId), String(raw)]),
  );
}

/** What the feed tells of a delivery is about this. */
function subjectOf({ home }: LocalLatchkey, { eventId, module, temperatureC }: PlannedDelivery): string {
  return temperatureC === undefined ? eventId : `${home.modules[module]?.moduleId} ${temperatureC}`;
}

async function readFeed({ client, home }: LocalLatchkey) {
  const ids = new Map<string, Set<string>>();
  const seen = new Set<string>();
  let copies = 0;
  let after: string | undefined;
  for (;;) {
    const { events, next } = await client.events(after, 0, { account: home.accountId, limit: 1_000 });
    for (const event of events) {
      if (seen.has(event.id)) copies += 1;
      seen.add(event.id);
      for (const subject of subjectsOf(event)) {
        const known = ids.get(subject) ?? new Set();
        ids.set(subject, known.add(event.id));
      }
    }
    if (events.length === 0 || next === after) break;
    after = next;
  }
  return { idsOf: (subject: string): ReadonlySet<string> => ids.get(subject) ?? new Set(), copies };
}

function subjectsOf({ type, subject, data }: Event): string[] {
  if (type === 'latchkey.delivery.unreadable') return [subject];
  if (type !== 'latchkey.module.changed' && type !== 'latchkey.module.late_readings') return [];
  const changes = data.changes as { capability: string; value: unknown }[];
  return changes.flatMap(({ capability, value }) =>
    capability === 'temperature' ? [`${subject} ${value}`] : [],
  );
}

/** How often each temperature is in a module's history. */
async function historyOf({ client }: LocalLatchkey, moduleId: string): Promise<Map<unknown, number>> {
  const counts = new Map<unknown, number>();
  let after: string | undefined;
  do {
    const query = new URLSearchParams({ capability: 'temperature', limit: '1000', ...(after && { after }) });
    const answer = await client.call('GET', `/v1/modules/${moduleId}/history?${query}`);
    const { items, next } = History.parse(await answer.json());
    for (const { value } of items) counts.set(value, (counts.get(value) ?? 0) + 1);
    after = next ?? undefined;
  } while (after !== undefined);
  return counts;
}
