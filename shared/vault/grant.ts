import type { LinkedBy } from '../domain/account.ts';
import type { ProviderName } from '../domain/provider-name.ts';
import type { TokenSet } from './token-set.ts';

/** What an owner's consent gave us; nothing of it is stored yet. */
export interface Grant {
  readonly provider: ProviderName;
  /** The provider's own id of the person; of the one thing that a pasted token opens. */
  readonly subject: string;
  /** Absent where the provider does not tell: then they are those that it was asked for (RFC 6749 §5.1). */
  readonly scopes?: readonly string[];
  readonly set: TokenSet;
  /** Absent after a consent at the provider. */
  readonly linkedBy?: LinkedBy;
}
