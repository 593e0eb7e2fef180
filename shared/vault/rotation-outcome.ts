/** What a wish to rotate comes to. Pure. */
import { LatchkeyError } from '../domain/error.ts';
import type { TokenPointer } from '../domain/token-pointer.ts';
import type { HeldBack } from './gate.ts';

export type RotationOutcome =
  | { readonly kind: 'rotated'; readonly pointer: TokenPointer }
  /** Somebody else has rotated since the generation the caller knew. */
  | { readonly kind: 'current'; readonly pointer: TokenPointer }
  /** Somebody else is at it, or an exchange whose outcome is unknown may still be in flight. */
  | { readonly kind: 'contended'; readonly pointer: TokenPointer }
  /** The gate before the provider's token endpoint is closed: nothing was begun, and the account is as it was. */
  | { readonly kind: 'held_back'; readonly by: HeldBack; readonly error: LatchkeyError }
  | { readonly kind: 'failed'; readonly error: LatchkeyError };

export function unlinked(): RotationOutcome {
  return { kind: 'failed', error: new LatchkeyError('account_unlinked', 'the account has no tokens') };
}

/** Not before `retryAt`; what the caller can make of it depends on why. */
export function postponed({ retryAt = '', health }: TokenPointer, now: number): RotationOutcome {
  const message = `the last attempt to rotate failed (${health.cause ?? health.state}); the next is at ${retryAt}`;
  if (health.state === 'dead' || health.state === 'suspect')
    return { kind: 'failed', error: new LatchkeyError('account_unlinked', message) };
  if (health.state === 'owner_action')
    return { kind: 'failed', error: new LatchkeyError('owner_action_required', message) };
  const retryAfterSeconds = Math.ceil((Date.parse(retryAt) - now) / 1000);
  const error = new LatchkeyError('provider_unavailable', message, { details: { retryAfterSeconds } });
  return { kind: 'failed', error };
}

export function tooLate(): LatchkeyError {
  return new LatchkeyError('token_contended', 'too little time is left to rotate', {
    details: { retryAfterSeconds: 1 },
  });
}

/** Both would spend the tokens of one account, which loses it; nothing is written, for it may be the other's table. */
export function foreign({ accountId }: Pick<TokenPointer, 'accountId'>): LatchkeyError {
  const message = `${accountId} belongs to another deployment, which this one must not rotate beside`;
  const remedy =
    'If that deployment is gone for good, the operator claims its accounts: npm run vault -- claim';
  return new LatchkeyError('deployment_foreign', message, { details: { remedy } });
}

/** There is nothing to spend, and nothing is written. */
export function neverRotates(): LatchkeyError {
  const message = 'the account was linked with a token that never changes, so there is nothing to rotate';
  const remedy = 'Nothing has to be done: the token counts until it is deleted at the provider';
  return new LatchkeyError('request_invalid', message, { details: { remedy } });
}

export function keptAside(): LatchkeyError {
  const message = 'the new token set is kept aside until its store takes it';
  return new LatchkeyError('store_unavailable', message);
}
