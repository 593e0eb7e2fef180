import type { HookKey } from '../providers/signature.ts';
import { deriveKey } from './root-key.ts';
import type { Secrets } from './secrets.ts';

/** The hook key alone, read without a schema library: for the function that has 750 ms. Throws when it is not there. */
export async function readHookKey(secrets: Pick<Secrets, 'read'>, secretId: string): Promise<HookKey> {
  const { rootKey, hookEpoch = 1 } = JSON.parse((await secrets.read(secretId)) ?? '{}');
  if (typeof rootKey !== 'string' || !Number.isInteger(hookEpoch))
    throw new Error('the app secret has no root key');
  return { key: deriveKey(rootKey, 'hook'), epoch: hookEpoch };
}
