/** What every story of the demo is made of. A step throws unless what it says has really happened. */
import * as z from 'zod';
import type { ModuleView } from '../../../shared/api/views.ts';
import { Change, type Event } from '../../../shared/domain/event.ts';
import type { CapabilityName, ReadingValue } from '../../../shared/domain/reading.ts';
import type { Browser } from './browser.ts';
import type { Client } from './client.ts';

export interface Step {
  readonly name: string;
  /** What was seen, for people. */
  run(): Promise<string>;
}

export interface Stage {
  /** Allowed everything. */
  readonly client: Client;
  /** Whoever holds another access token. */
  readonly clientWith: (token: string) => Client;
  readonly browser: Browser;
  /** Runs a schedule now, as EventBridge would. */
  readonly runSchedule: (name: string) => Promise<void>;
  /** A secret of the stage by the rest of its name, such as `accounts/<accountId>`; undefined where there is none. */
  readonly readSecret: (name: string) => string | undefined;
}

export const PATIENCE_SECONDS = 20;

export async function until<T>(look: () => Promise<T>, isRight: (seen: T) => boolean): Promise<T> {
  const deadline = Date.now() + PATIENCE_SECONDS * 1000;
  for (;;) {
    const seen = await look();
    if (isRight(seen)) return seen;
    if (Date.now() > deadline) throw new Error(`not within ${PATIENCE_SECONDS} s: ${JSON.stringify(seen)}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

export function present<T>(value: T | undefined, what: string): T {
  if (value === undefined) throw new Error(`there is no ${what.replace(/^an? /, '')}`);
  return value;
}

export function expect(isTrue: boolean, otherwise: string): void {
  if (!isTrue) throw new Error(otherwise);
}

const Changed = z.looseObject({ changes: z.array(Change) });

/** The readings that an event says have changed. */
export function changesOf({ type, data }: Event): Change[] {
  return type === 'latchkey.module.changed' ? Changed.parse(data).changes : [];
}

export function readingOf({ readings }: ModuleView, wanted: CapabilityName): ReadingValue | undefined {
  return readings.find(({ capability }) => capability === wanted)?.value;
}
