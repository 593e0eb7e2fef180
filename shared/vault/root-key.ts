/** Keys for one purpose each, derived from the one root key of the deployment. Pure, and free of schemas. */
import { hkdfSync } from 'node:crypto';

export type KeyPurpose = 'hook' | 'refresh hash' | 'escrow' | 'sealed vault';

/** @see RFC 5869; the root key is uniformly random already, so no salt is needed. */
export function deriveKey(rootKey: string, purpose: KeyPurpose): Buffer {
  return Buffer.from(hkdfSync('sha256', rootKey, '', `latchkey ${purpose}`, 32));
}
