/** The keys of the sealed vault: the first seals, all open, so that a key can be put before the others at any time. */
import { LatchkeyError } from '../domain/error.ts';
import type { AppSecret } from './app-secret.ts';
import { deriveKey } from './root-key.ts';
import { seal, unseal } from './seal.ts';

export interface KeyRing {
  /** @param context – authenticated with the text: it opens nowhere else */
  seal(text: string, context: readonly string[]): string;
  /** @throws {LatchkeyError} config_invalid – the ring lacks the key, or key, context or text are not the right ones */
  open(sealed: string, context: readonly string[]): string;
  /** Whether it was sealed with the first key. */
  isFresh(sealed: string): boolean;
}

interface RingKey {
  readonly id: string;
  readonly key: Buffer;
}

/** Id of the key that every deployment has, derived from its root key; it stands last. */
const ROOT_KEY_ID = 'root';

export function createKeyRing({ rootKey, sealingKeys }: Pick<AppSecret, 'rootKey' | 'sealingKeys'>): KeyRing {
  const given = sealingKeys.map(({ id, key }) => ({ id, key: Buffer.from(key, 'base64') }));
  const root = { id: ROOT_KEY_ID, key: deriveKey(rootKey, 'sealed vault') };
  const [first = root, ...others]: RingKey[] = [...given, root];
  const byId = new Map([first, ...others].map((each) => [each.id, each]));

  return {
    seal: (text, context) => `${first.id}.${seal(first.key, text, context)}`,
    isFresh: (sealed) => idOf(sealed) === first.id,
    open(sealed, context) {
      const id = idOf(sealed);
      const found = byId.get(id);
      if (!found) throw new LatchkeyError('config_invalid', `the app secret has no sealing key ${id}`);
      try {
        return unseal(found.key, sealed.slice(id.length + 1), context);
      } catch (cause) {
        const message = `a token set cannot be opened with sealing key ${id}`;
        throw new LatchkeyError('config_invalid', message, { cause });
      }
    },
  };
}

/** Ids have no dot, and neither has base64url. */
function idOf(sealed: string): string {
  return sealed.slice(0, sealed.indexOf('.'));
}
