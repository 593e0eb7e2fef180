import type { ProviderName } from '../domain/provider-name.ts';
import type { Provider } from '../providers/provider.ts';
import type { HookKey } from '../providers/signature.ts';
import type { Store } from '../store/store.ts';
import type { RotationLog } from '../vault/rotation-log.ts';
import type { Vault } from '../vault/vault.ts';

/** What keeping an account in step with its cloud needs. */
export interface SyncDependencies {
  readonly store: Store;
  readonly vault: Vault;
  readonly providerOf: (name: ProviderName) => Provider;
  readonly hookKey: HookKey;
  readonly publicUrl: string;
  /** This deployment. */
  readonly stackId: string;
  readonly now: () => number;
  readonly log: RotationLog;
}
