/** Sends the planned deliveries as Legrand does: what is not answered with 200 in 750 ms is sent again, until it is. */
import { setTimeout as sleep } from 'node:timers/promises';
import { bareNotification } from '../../end-to-end/notification.ts';
import type { LocalLatchkey } from '../local-latchkey.ts';
import { send } from '../send.ts';
import type { Lane, PlannedDelivery } from './plan.ts';

export interface Tally {
  /** Requests that were answered, those sent again included. */
  requests: number;
  /** Answered 503, or not at all. */
  putOff: number;
  /** Answered 200 after Legrand had lost patience. */
  late: number;
  /** Answered with anything else. */
  wrong: number;
  readonly tookMs: number[];
}

/** Legrand's patience, milliseconds. */
const PATIENCE_MS = 750;
/** Legrand waits ten seconds and longer; here the wait is a fraction of that, milliseconds. */
const AGAIN_AFTER_MS = 150;

/** @param startMs when the first deliveries were measured, epoch milliseconds */
export async function sendFlood(
  latchkey: Pick<LocalLatchkey, 'home' | 'hook'>,
  lanes: readonly Lane[],
  startMs: number,
  onTaken: (taken: number) => void,
): Promise<Tally> {
  const tally: Tally = { requests: 0, putOff: 0, late: 0, wrong: 0, tookMs: [] };
  let taken = 0;

  async function deliver(delivery: PlannedDelivery): Promise<void> {
    const body = bodyOf(latchkey, delivery, startMs);
    while (!(await isTaken(latchkey.hook, body, tally))) await sleep(AGAIN_AFTER_MS);
    taken += 1;
    onTaken(taken);
  }

  await Promise.all(
    lanes.map(async ({ steps }) => {
      for (const step of steps) await Promise.all(step.map(deliver));
    }),
  );
  return tally;
}

async function isTaken(url: string, body: Buffer, tally: Tally): Promise<boolean> {
  tally.requests += 1;
  try {
    const { status, tookMs } = await send(url, { body, headers: { 'content-type': 'application/json' } });
    tally.tookMs.push(tookMs);
    if (status === 200) {
      if (tookMs <= PATIENCE_MS) return true;
      tally.late += 1;
      return false;
    }
    if (status !== 503) tally.wrong += 1;
  } catch (error) {
    // A connection that breaks is an answer that did not come.
    if (!(error instanceof Error && 'code' in error)) throw error;
  }
  tally.putOff += 1;
  return false;
}

/** The request's body; a delivery that cannot be digested says so where the thermostats should be. */
export function bodyOf(
  { home }: Pick<LocalLatchkey, 'home'>,
  { eventId, module, temperatureC, atSeconds, paddingBytes }: PlannedDelivery,
  startMs: number,
): Buffer {
  const moduleNativeId = home.modules[module]?.nativeId;
  if (moduleNativeId === undefined) throw new RangeError(`the home has no module ${module}`);
  const atMs = startMs + atSeconds * 1_000;
  const event = {
    id: eventId,
    eventType: 'DeviceToCloud',
    eventTime: new Date(atMs).toISOString(),
    data:
      temperatureC === undefined ? 'poison' : bareNotification(home, { temperatureC, atMs, moduleNativeId }),
    padding: 'x'.repeat(paddingBytes),
  };
  return Buffer.from(JSON.stringify([event]));
}
