/**
 * The gate before a provider's token endpoint, one for all workers of a deployment: it counts the exchanges that
 * begin, and it closes when beginning any would be of no use. Pure.
 */
import * as z from 'zod';
import { ProviderName } from './provider-name.ts';
import { UtcTime } from './time.ts';

/** `application_refused`: our application is misconfigured there; `provider_throttled`: the provider asked for a pause. */
export const GateCause = z.enum(['application_refused', 'provider_throttled']);
export type GateCause = z.infer<typeof GateCause>;

export const ProviderGate = z.object({
  provider: ProviderName,
  /** No exchange begins before this time. */
  closedUntil: UtcTime.optional(),
  cause: GateCause.optional(),
  /** When it closed for this cause. */
  since: UtcTime.optional(),
  /**
   * Refusals of our application in a row. While there are any, `closedUntil` lets a single exchange through, to see
   * whether it is mended.
   */
  strikes: z.int().default(0),
  /** The window that exchanges are counted in: epoch seconds divided by its length. */
  window: z.int().optional(),
  /** Exchanges begun in it, or reserved by workers that may begin them. */
  used: z.int().default(0),
});
export type ProviderGate = z.infer<typeof ProviderGate>;

const MINUTE_MS = 60_000;
/** An operator who mends the application is not to wait longer than this for the accounts to go on. */
const LONGEST_CLOSURE_MS = 15 * MINUTE_MS;

export function isGateClosed({ closedUntil }: Pick<ProviderGate, 'closedUntil'>, now: number): boolean {
  return closedUntil !== undefined && Date.parse(closedUntil) > now;
}

/** How long the gate stays closed after so many refusals of our application in a row, milliseconds. */
export function closureMs(strikes: number): number {
  return Math.min(LONGEST_CLOSURE_MS, MINUTE_MS * 2 ** Math.max(0, strikes - 1));
}

/** How long it closes when the provider asks for a pause, milliseconds; it may ask for absurd ones. */
export function pauseMs(retryAfterSeconds = 60): number {
  return Math.min(LONGEST_CLOSURE_MS, Math.max(1, retryAfterSeconds) * 1000);
}
