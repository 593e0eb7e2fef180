import type { Account } from '../domain/account.ts';
import type { CallPurpose } from '../domain/call-limits.ts';
import type { ProviderName } from '../domain/provider-name.ts';
import type { Provider, Session } from '../providers/provider.ts';
import type { HookKey } from '../providers/signature.ts';
import type { Store } from '../store/store.ts';
import type { RotationLog } from '../vault/rotation-log.ts';
import type { Vault } from '../vault/vault.ts';

/** An account's access to its cloud, for one purpose. */
export type SessionOf = (account: Pick<Account, 'accountId' | 'provider'>, purpose: CallPurpose) => Session;

/** What keeping an account in step with its cloud needs. */
export interface SyncDependencies {
  readonly store: Store;
  readonly vault: Vault;
  readonly sessionOf: SessionOf;
  readonly providerOf: (name: ProviderName) => Provider;
  readonly hookKey: HookKey;
  readonly publicUrl: string;
  /** This deployment. */
  readonly stackId: string;
  /** Who may look through everybody's accounts: the schedules alone. */
  readonly isSchedule?: true;
  readonly now: () => number;
  readonly log: RotationLog;
}
