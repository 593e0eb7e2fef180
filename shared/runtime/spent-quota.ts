/** What the calls of one request have left of its account's budget, for the headers of the answer. */
import { AsyncLocalStorage } from 'node:async_hooks';
import type { WindowLeft } from '../domain/quota.ts';

interface Spent {
  windows: readonly WindowLeft[];
}

const scope = new AsyncLocalStorage<Spent>();

/** Runs one request; the headers say what it left, and are none where it spent nothing. */
export async function withQuotaHeaders<T extends { headers?: object }>(handle: () => Promise<T>): Promise<T> {
  const spent: Spent = { windows: [] };
  const answer = await scope.run(spent, handle);
  return { ...answer, headers: { ...answer.headers, ...rateLimitHeaders(spent.windows) } };
}

export function noteSpent(windows: readonly WindowLeft[]): void {
  const spent = scope.getStore();
  if (spent) spent.windows = windows;
}

/** @see draft-ietf-httpapi-ratelimit-headers, sections 3 and 4 */
function rateLimitHeaders(windows: readonly WindowLeft[]): Record<string, string> {
  if (windows.length === 0) return {};
  return {
    'ratelimit-policy': windows
      .map(({ name, calls, seconds }) => `"${name}";q=${calls};w=${seconds}`)
      .join(', '),
    ratelimit: windows
      .map(({ name, remaining, resetsAt }) => `"${name}";r=${remaining};t=${secondsUntil(resetsAt)}`)
      .join(', '),
  };
}

function secondsUntil(time: string): number {
  return Math.max(0, Math.ceil((Date.parse(time) - Date.now()) / 1000));
}
