/** What the stores hold of an account, read past the vault: an end is not judged by the code that is being tried. */
import type { TokenPointer } from '../../shared/domain/token-pointer.ts';
import { connectSecrets } from '../../shared/runtime/clients.ts';
import { readAppSecret } from '../../shared/vault/app-secret.ts';
import { createKeyRing, type KeyRing } from '../../shared/vault/key-ring.ts';
import { deriveKey } from '../../shared/vault/root-key.ts';
import { openSealedSet } from '../../shared/vault/sealed-set.ts';
import type { Secrets } from '../../shared/vault/secrets.ts';
import { hashRefreshToken, RotatingSet } from '../../shared/vault/token-set.ts';
import { names, type Stored } from './orders.ts';

export async function readStored(pointer: TokenPointer | undefined): Promise<Stored> {
  if (!pointer) return { agrees: true };
  const secrets = connectSecrets();
  const app = await readAppSecret(secrets, names.appSecret);
  const set = await readSet(pointer, secrets, createKeyRing(app));
  if (set === undefined) return { pointer, agrees: false };
  const { rootKey } = app;
  const hash = hashRefreshToken(deriveKey(rootKey, 'refresh hash'), set.refreshToken);
  return { pointer, set, agrees: hash === pointer.refreshHash };
}

async function readSet(
  pointer: TokenPointer,
  secrets: Secrets,
  ring: KeyRing,
): Promise<RotatingSet | undefined> {
  if (pointer.sealed) return RotatingSet.parse(openSealedSet(ring, pointer, pointer.sealed));
  const text = await secrets.read(names.accountSecrets + pointer.accountId, pointer.versionId);
  return text === undefined ? undefined : RotatingSet.parse(JSON.parse(text));
}
