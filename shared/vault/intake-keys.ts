import type { IntakeKeys } from '../providers/signature.ts';
import { deriveKey } from './root-key.ts';
import type { Secrets } from './secrets.ts';

/**
 * The hook key, and the client secrets that providers sign with, read without a schema library: for the function that
 * has 750 ms. Throws when there is no root key; a client secret that is missing must not cost the deliveries.
 */
export async function readIntakeKeys(secrets: Pick<Secrets, 'read'>, secretId: string): Promise<IntakeKeys> {
  const { rootKey, hookEpoch = 1, ...providers } = JSON.parse((await secrets.read(secretId)) ?? '{}');
  if (typeof rootKey !== 'string' || !Number.isInteger(hookEpoch))
    throw new Error('the app secret has no root key');
  return {
    key: deriveKey(rootKey, 'hook'),
    epoch: hookEpoch,
    clientSecretOf(provider) {
      const secret: unknown = Object.hasOwn(providers, provider)
        ? providers[provider]?.clientSecret
        : undefined;
      return typeof secret === 'string' ? secret : undefined;
    },
  };
}
