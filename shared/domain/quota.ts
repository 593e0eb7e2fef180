/**
 * A budget of calls, an account's or our whole application's at a cloud: how many were spent in each window, and until
 * when the cloud itself wants none. Pure: no I/O, no clock.
 */
import * as z from 'zod';
import type { CallPurpose, CallWindow } from './call-limits.ts';
import type { ProviderName } from './provider-name.ts';
import { toUtc, UtcTime } from './time.ts';

/** Parts that a sliding window is counted in. A part counts until the whole of it lies outside the window. */
const PARTS = 10;

const WindowCount = z.object({
  /** The present part: time divided by its length. */
  part: z.int(),
  /** Calls of the present part. */
  current: z.int(),
  /** Calls of the parts before it, the latest first. */
  past: z.array(z.int()),
  /** Their sum. */
  used: z.int(),
});
export type WindowCount = z.infer<typeof WindowCount>;

/** `provider_terms`: the owner has to act in the cloud's own app; `application_refused`: the operator, at our application. */
export const CallRefusal = z.enum(['provider_terms', 'application_refused']);
export type CallRefusal = z.infer<typeof CallRefusal>;

/** Whose budget it is: one account's, or our application's at a cloud, which all accounts there share. */
export type QuotaHolder = { readonly accountId: string } | { readonly application: ProviderName };

export const Quota = z.object({
  windows: z.record(z.string(), WindowCount),
  /** The cloud wants no calls before this time. */
  blockedUntil: UtcTime.optional(),
  /** Why the cloud refuses every call just now, whatever it is for; until one is accepted. */
  refused: z.object({ cause: CallRefusal, since: UtcTime }).optional(),
  /** An application's: how many accounts are linked, as they were counted last. */
  linked: z.object({ accounts: z.int(), countedAt: UtcTime }).optional(),
  /** When a part of a window was begun last; absent while nothing was spent. */
  countedAt: UtcTime.optional(),
  /** +1 with every change. */
  version: z.int(),
});
export type Quota = z.infer<typeof Quota>;

/** A call that may not be made, and when it may. */
export interface QuotaRefusal {
  /** Name of the window that is used up; absent where the cloud itself wants no calls. */
  readonly window?: string;
  readonly retryAfterSeconds: number;
}

/** What is left of a window. */
export interface WindowLeft {
  readonly name: string;
  readonly seconds: number;
  readonly calls: number;
  readonly remaining: number;
  /** Of the remaining ones, those that only commands may spend. */
  readonly reserved: number;
  /** When all of it is left again, should nobody call meanwhile. */
  readonly resetsAt: UtcTime;
}

export const emptyQuota: Quota = { windows: {}, version: 0 };

/** Takes one call of every window. */
export function spend(
  quota: Quota,
  windows: readonly CallWindow[],
  purpose: CallPurpose,
  now: number,
): { spent: Quota } | { refused: QuotaRefusal } {
  const refused = usedUp(quota, windows, purpose, now);
  if (refused) {
    const { untilMs, ...window } = refused;
    return { refused: { ...window, retryAfterSeconds: Math.max(0, Math.ceil((untilMs - now) / 1000)) } };
  }
  const counts = { ...quota.windows };
  for (const window of windows) {
    const count = countNow(quota, window, now);
    counts[window.name] = { ...count, current: count.current + 1, used: count.used + 1 };
  }
  return { spent: { ...quota, windows: counts, countedAt: toUtc(now), version: quota.version + 1 } };
}

/** What a purpose may have spent of a window before its next call. */
export function mostUsed({ calls, reserve }: CallWindow, purpose: CallPurpose): number {
  return calls - (purpose === 'command' ? 0 : reserve) - 1;
}

export function partOf(window: CallWindow, now: number): number {
  return Math.floor(now / partMs(window));
}

export function left(quota: Quota, windows: readonly CallWindow[], now: number): WindowLeft[] {
  return windows.map((window) => {
    const count = countNow(quota, window, now);
    const remaining = Math.max(0, window.calls - count.used);
    return {
      name: window.name,
      seconds: window.seconds,
      calls: window.calls,
      remaining,
      reserved: Math.min(remaining, window.reserve),
      resetsAt: toUtc(Math.max(now, freedAt(count, window, 0))),
    };
  });
}

/** Why there is no call left for a purpose, and until when: a window, or the cloud's own word, which names none. */
export function usedUp(
  quota: Quota,
  windows: readonly CallWindow[],
  purpose: CallPurpose,
  now: number,
): { window?: string; untilMs: number } | undefined {
  const blockedUntilMs = Date.parse(quota.blockedUntil ?? '');
  if (blockedUntilMs > now) return { untilMs: blockedUntilMs };
  const full = windows.flatMap((window) => {
    const count = countNow(quota, window, now);
    const most = mostUsed(window, purpose);
    return count.used <= most ? [] : [{ window: window.name, untilMs: freedAt(count, window, most) }];
  });
  // The one that lasts longest: before it, another try would be of no use.
  return full.toSorted((a, b) => b.untilMs - a.untilMs)[0];
}

/** The window's count as it is now. A clock that is behind goes on in the part that others have begun. */
function countNow({ windows }: Quota, window: CallWindow, now: number): WindowCount {
  const known = windows[window.name];
  const part = partOf(window, now);
  if (!known) return { part, current: 0, past: [], used: 0 };
  if (known.part >= part) return known;
  const passed = Math.min(part - known.part, PARTS + 1);
  const before = [...Array<number>(passed - 1).fill(0), known.current, ...known.past];
  const past = before.slice(0, window.kind === 'sliding' ? PARTS : 0);
  return { part, current: 0, past, used: past.reduce((sum, calls) => sum + calls, 0) };
}

/** When no more than `most` calls of the window count, epoch ms. */
function freedAt({ part, current, past, used }: WindowCount, window: CallWindow, most: number): number {
  const held = window.kind === 'sliding' ? PARTS + 1 : 1;
  const counts = [current, ...past];
  let rest = used;
  for (let age = counts.length - 1; age >= 0 && rest > 0; age--) {
    rest -= counts[age] ?? 0;
    if (rest <= most && (counts[age] ?? 0) > 0) return (part - age + held) * partMs(window);
  }
  return part * partMs(window);
}

function partMs({ kind, seconds }: CallWindow): number {
  return (seconds * 1000) / (kind === 'sliding' ? PARTS : 1);
}
