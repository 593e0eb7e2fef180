/** What the stores hold of an account, read past the vault: an end is not judged by the code that is being tried. */
import type { TokenPointer } from '../../shared/domain/token-pointer.ts';
import { connectSecrets } from '../../shared/runtime/clients.ts';
import { readAppSecret } from '../../shared/vault/app-secret.ts';
import { deriveKey } from '../../shared/vault/root-key.ts';
import { hashRefreshToken, TokenSet } from '../../shared/vault/token-set.ts';
import { names, type Stored } from './orders.ts';

export async function readStored(pointer: TokenPointer | undefined): Promise<Stored> {
  if (!pointer) return { agrees: true };
  const secrets = connectSecrets();
  const { rootKey } = await readAppSecret(secrets, names.appSecret);
  const text = await secrets.read(names.accountSecrets + pointer.accountId, pointer.versionId);
  if (text === undefined) return { pointer, agrees: false };
  const set = TokenSet.parse(JSON.parse(text));
  const hash = hashRefreshToken(deriveKey(rootKey, 'refresh hash'), set.refreshToken);
  return { pointer, set, agrees: hash === pointer.refreshHash };
}
