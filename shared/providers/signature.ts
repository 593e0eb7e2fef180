/**
 * Webhook addresses that prove themselves. `hook` in the address is `<accountId>.<epoch>.<mac>`: unguessable, and
 * checked without any look-up. Pure, and free of schemas: the intake uses it.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';

export interface HookKey {
  readonly key: Buffer;
  /** Addresses made before it prove nothing, epoch seconds. Raised by an operator to end them all at once. */
  readonly epoch: number;
}

/** What an address says. */
export interface Hook {
  readonly accountId: string;
  /** When the address was made, epoch seconds: an account whose hook is rolled gets one of a later epoch. */
  readonly epoch: number;
}

export function signHook({ key }: HookKey, provider: string, { accountId, epoch }: Hook): string {
  return `${accountId}.${epoch}.${mac(key, provider, accountId, String(epoch))}`;
}

/** What an address proves; one answer for everything that proves nothing. */
export function readHook({ key, epoch: oldest }: HookKey, provider: string, hook: string): Hook | undefined {
  const [accountId = '', epoch = '', given = '', ...more] = hook.split('.');
  const expected = Buffer.from(mac(key, provider, accountId, epoch));
  const actual = Buffer.from(given);
  // Lengths are no secret, and timingSafeEqual throws where they differ.
  const isOurs = actual.length === expected.length && timingSafeEqual(actual, expected);
  if (!isOurs || more.length > 0 || Number(epoch) < oldest) return undefined;
  return { accountId, epoch: Number(epoch) };
}

function mac(key: Buffer, provider: string, accountId: string, epoch: string): string {
  return createHmac('sha256', key)
    .update(JSON.stringify([provider, accountId, epoch]))
    .digest('base64url');
}
