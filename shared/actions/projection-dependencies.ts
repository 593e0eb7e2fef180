import type { ProviderName } from '../domain/provider-name.ts';
import type { Provider } from '../providers/provider.ts';
import type { Store } from '../store/store.ts';

/** What turning the table's changes into state and events needs. */
export interface ProjectionDependencies {
  readonly store: Store;
  readonly providerOf: (name: ProviderName) => Pick<Provider, 'translate' | 'webhook'>;
  /** Half of the failed answers that a provider puts up with have come together, or more. */
  readonly onBanNear: (accountId: string, failedAnswers: number) => void;
}
