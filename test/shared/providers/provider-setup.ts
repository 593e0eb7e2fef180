import type { Account } from '../../../shared/domain/account.ts';
import type { ModuleWish } from '../../../shared/domain/command-action.ts';
import type { Intake } from '../../../shared/providers/intake.ts';
import type { Provider, Session, WebhookApi } from '../../../shared/providers/provider.ts';
import type { ProviderAnswer } from '../../../shared/providers/request.ts';

/** What a provider's cloud can be made to do wrong, until `restore`. */
export type Misbehaviour =
  | 'access_token_refused'
  | 'quota_used_up'
  | 'modules_offline'
  | 'unavailable'
  | 'unreadable'
  | 'grants_unavailable'
  | 'foreign_subscriptions';

/** A driver, its simulated cloud over HTTP, and one linked account with at least one plant and module. */
export interface ProviderBench {
  readonly provider: Provider;
  readonly intake: Intake;
  readonly account: Pick<Account, 'accountId' | 'timeZone' | 'scopes'>;
  /** Counts what it sends, and keeps the last answer. */
  readonly session: Session & { sent(): number; lastAnswer(): ProviderAnswer | undefined };
  /** The token endpoint's own answer when the account was linked. */
  readonly tokenAnswer: unknown;
  readonly refreshToken: string;
  /** Spends a refresh token at the token endpoint, as the vault would. */
  refresh(refreshToken: string, clientSecret?: string): Promise<ProviderAnswer>;
  /** The time by the cloud's clock, epoch milliseconds. */
  now(): number;
  misbehave(how: Misbehaviour): void;
  restore(): void;
  close(): Promise<void>;
}

export interface ProviderSetup {
  open(): Promise<ProviderBench>;
  /** Of its webhooks. */
  readonly breadth: WebhookApi['breadth'];
  /**
   * At least one for each action that a module of this cloud can claim, carried out in this order and over again;
   * each changes what the one before it left.
   */
  readonly wishes: readonly NamedWish[];
  /** What the domain allows and this cloud's modules cannot do. */
  readonly impossible: readonly NamedWish[];
}

export interface NamedWish {
  readonly name: string;
  readonly wish: (now: number) => ModuleWish;
}
