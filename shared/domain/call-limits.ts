/** How many calls a cloud allows in how long, and what they may be spent on. Types only. */

/** What a call is for. Only commands may spend what a window keeps in reserve. */
export type CallPurpose = 'command' | 'state' | 'topology' | 'subscriptions' | 'history';

/** Whose calls a limit of a cloud counts: an account's, or our application's, which are those of all its accounts. */
export type LimitOf = 'account' | 'application';

export interface CallWindow {
  /** Names it to clients: `day`, `hour`, `burst`. */
  readonly name: string;
  readonly seconds: number;
  readonly calls: number;
  /** Calls of it that only commands may spend. */
  readonly reserve: number;
  /** `utc_midnight`: the count begins anew then. `sliding`: what counts are the calls of so many seconds back, always. */
  readonly kind: 'sliding' | 'utc_midnight';
}

export interface CallLimits {
  /** What one account may spend. */
  readonly account: readonly CallWindow[];
  /**
   * What all accounts of our application may spend together, when so many are linked; absent where the cloud counts
   * accounts only, and then a call costs nothing more than counting it for its account.
   */
  readonly application?: (accounts: number) => readonly CallWindow[];
}
