import type { Provider } from '../providers/provider.ts';
import type { Store } from '../store/store.ts';
import type { SessionOf } from './sync-dependencies.ts';

/** What sending commands needs. */
export interface CommandDependencies {
  readonly store: Store;
  readonly sessionOf: SessionOf;
  readonly providerOf: (name: Provider['name']) => Provider;
  readonly now: () => number;
  readonly sleep: (ms: number) => Promise<unknown>;
  /** Milliseconds until the function that we run in is stopped. */
  readonly remainingMs: () => number;
}
