/** How many calls a cloud allows in how long, and what they may be spent on. Types only. */

/** What a call is for. Only commands may spend what a window keeps in reserve. */
export type CallPurpose = 'command' | 'state' | 'topology' | 'subscriptions' | 'history';

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
}
