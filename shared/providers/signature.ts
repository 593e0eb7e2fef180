/**
 * What proves a webhook: its address, and the signature of a provider that signs. `hook` in the address is
 * `<accountId>.<epoch>.<mac>`: unguessable, and checked without any look-up. Pure, and free of schemas: the intake uses
 * it.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';

export interface HookKey {
  readonly key: Buffer;
  /** Addresses made before it prove nothing, epoch seconds. Raised by an operator to end them all at once. */
  readonly epoch: number;
}

/** What the intake proves a delivery with. */
export interface IntakeKeys extends HookKey {
  /** What the provider gave our application to prove itself with, and signs with; `undefined` where there is none. */
  clientSecretOf(provider: string): string | undefined;
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
  const isOurs = isSame(given, mac(key, provider, accountId, epoch));
  if (!isOurs || more.length > 0 || Number(epoch) < oldest) return undefined;
  return { accountId, epoch: Number(epoch) };
}

/** Whether `given` is the HMAC-SHA256 of exactly these bytes in lower-case hex, keyed with the secret's UTF-8. */
export function isSignedWith(body: Uint8Array, given: string, secret: string): boolean {
  // Everybody can sign with nothing.
  return secret !== '' && isSame(given, createHmac('sha256', secret).update(body).digest('hex'));
}

/** In constant time. */
function isSame(given: string, expected: string): boolean {
  const [actual, wanted] = [Buffer.from(given), Buffer.from(expected)];
  // Lengths are no secret, and timingSafeEqual throws where they differ.
  return actual.length === wanted.length && timingSafeEqual(actual, wanted);
}

function mac(key: Buffer, provider: string, accountId: string, epoch: string): string {
  return createHmac('sha256', key)
    .update(JSON.stringify([provider, accountId, epoch]))
    .digest('base64url');
}
