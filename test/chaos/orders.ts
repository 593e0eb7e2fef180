/** What the matrix tells a process to do, and what comes back. */
import type { TokenPointer } from '../../shared/domain/token-pointer.ts';
import type { VaultKind } from '../../shared/domain/vault-kind.ts';
import type { RotatingSet } from '../../shared/vault/token-set.ts';
import type { TokenPair } from '../shared/vault/token-family.ts';

/** Where a process finds its servers and its clock: what a deployed function finds in its environment. */
export interface Surroundings {
  readonly vault: VaultKind;
  readonly stackId: string;
  readonly dynamodbUrl: string;
  readonly secretsManagerUrl: string;
  /** Where the token endpoint is, without `/token`. */
  readonly loginUrl: string;
  readonly apiUrl: string;
  /** Tells the servers which process calls. */
  readonly accessKeyId: string;
  readonly clockFile: string;
}

/** What a process does to itself as soon as an answer has come back to it, before the line after its `await` runs. */
export interface Fate {
  /** So many answers, of whichever server, come first; from 1. */
  readonly answers: number;
  readonly signal: 'SIGKILL' | 'SIGSTOP';
}

export type Task =
  /** The owner consents, for the first time or again. */
  | { readonly kind: 'link'; readonly accountId: string; readonly pair: TokenPair }
  | { readonly kind: 'unlink'; readonly accountId: string }
  /** One tick of the schedule. */
  | { readonly kind: 'rotate'; readonly fate?: Fate }
  /** As many ticks as it takes until the pointer has a later generation, or the patience is at its end. */
  | Settle
  /** Uses the access token, and lets the schedule rotate once more. */
  | { readonly kind: 'prove'; readonly accountId: string };

export interface Settle {
  readonly kind: 'settle';
  readonly accountId: string;
  readonly generation: number;
  readonly patienceMs: number;
}

export interface Order {
  readonly surroundings: Surroundings;
  readonly task: Task;
}

/** What the stores say of an account. */
export interface Stored {
  readonly pointer?: TokenPointer;
  /** The token set that the pointer means, unless it cannot be read. */
  readonly set?: RotatingSet;
  /** Whether the hash in the pointer is the one of the refresh token in the set. */
  readonly agrees: boolean;
}

export interface Proof {
  /** HTTP status of the provider's API; absent when no call could be made. */
  readonly apiStatus?: number;
  /** As found before the account is rotated once more, and after. */
  readonly found: Stored;
  readonly rotated: Stored;
}

export interface Results {
  readonly link: undefined;
  readonly unlink: undefined;
  readonly rotate: undefined;
  readonly settle: Stored;
  readonly prove: Proof;
}

export type Reply =
  | { readonly kind: 'ready' }
  /** The process stops itself right after. */
  | { readonly kind: 'stopping' }
  | { readonly kind: 'done'; readonly result: Results[Task['kind']] }
  | { readonly kind: 'failed'; readonly reason: string };

/** Names of what every scene keeps under the same name. */
export const names = {
  table: 'latchkey-chaos',
  appSecret: 'latchkey/chaos/app',
  accountSecrets: 'latchkey/chaos/accounts/',
} as const;

/** The token set of an account that nobody uses is rotated after a third of its 90 days: so long is waited for it. */
export const NEXT_ROTATION_MS = 40 * 86_400_000;
