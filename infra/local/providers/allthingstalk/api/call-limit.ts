import type { Answer } from '../../simulation/answer.ts';
import { tooManyCalls } from '../faults/refusal-by-fault.ts';
import type { World } from '../world.ts';
import { type Access, describeAccess } from './access.ts';

const MINUTE_MS = 60_000;

/** Counts one call in a sliding minute, when there is a limit at all; the answer when it is full (contract 8.23). */
export function countCall({ state, clock }: World, access: Access): Answer | undefined {
  const { callsPerMinute } = state.settings;
  if (callsPerMinute === 0) return undefined;
  const now = clock.now();
  const caller = describeAccess(access);
  const recent = (state.calls[caller] ?? []).filter((at) => at > now - MINUTE_MS);
  const [oldest] = recent;
  const isFull = recent.length >= callsPerMinute;
  state.calls[caller] = isFull ? recent : [...recent, now];
  return isFull && oldest !== undefined
    ? tooManyCalls(Math.ceil((oldest + MINUTE_MS - now) / 1000))
    : undefined;
}
