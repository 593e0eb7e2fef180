/**
 * Webhook addresses that prove themselves. `hook` in the address is `<accountId>.<mac>`: unguessable, one an account,
 * and checked without any look-up. Pure, and free of schemas: the intake uses it.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';

export interface HookKey {
  readonly key: Buffer;
  /** Raised by an operator to make every address a new one. */
  readonly epoch: number;
}

export function signHook({ key, epoch }: HookKey, provider: string, accountId: string): string {
  return `${accountId}.${mac(key, provider, accountId, epoch)}`;
}

/** The account whose address this is; one answer for everything that does not prove itself. */
export function readHook({ key, epoch }: HookKey, provider: string, hook: string): string | undefined {
  const [accountId = '', given = '', ...more] = hook.split('.');
  if (more.length > 0) return undefined;
  const expected = Buffer.from(mac(key, provider, accountId, epoch));
  const actual = Buffer.from(given);
  // Lengths are no secret, and timingSafeEqual throws where they differ.
  return actual.length === expected.length && timingSafeEqual(actual, expected) ? accountId : undefined;
}

function mac(key: Buffer, provider: string, accountId: string, epoch: number): string {
  return createHmac('sha256', key)
    .update(JSON.stringify([provider, accountId, epoch]))
    .digest('base64url');
}
