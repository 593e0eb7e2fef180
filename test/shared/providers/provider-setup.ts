import type { Account } from '../../../shared/domain/account.ts';
import type { ModuleWish } from '../../../shared/domain/command-action.ts';
import type { Module } from '../../../shared/domain/module.ts';
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
  readonly account: Pick<Account, 'accountId' | 'timeZone' | 'scopes' | 'linkedBy'>;
  /** Counts what it sends, and keeps the last answer. */
  readonly session: Session & { sent(): number; lastAnswer(): ProviderAnswer | undefined };
  /** The token endpoint's own answer when the account was linked. */
  readonly tokenAnswer: unknown;
  readonly refreshToken: string;
  /** Spends a refresh token at the token endpoint, as the vault would, or as an application unknown to the cloud. */
  refresh(refreshToken: string, application?: 'unknown'): Promise<ProviderAnswer>;
  /** The time by the cloud's clock, epoch milliseconds. */
  now(): number;
  misbehave(how: Misbehaviour): void | Promise<void>;
  /** Ends every misbehaviour, and gives back the calls that were made. */
  restore(): void | Promise<void>;
  /** Lives through what a command takes until its effect can be seen. */
  settle(): Promise<void>;
  /**
   * Does what an owner does at the cloud to have it call this address with what is told of the wishes, however often;
   * only where the cloud is told by hand.
   */
  listenByHand?(url: string): Promise<void>;
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
  /** Applications have a secret, unless given. */
  readonly withoutSecret?: true;
  /** A token answer tells whose it is, unless given: then the driver asks with the token. */
  readonly personIsAsked?: true;
  /**
   * A module has one report, unless given: then it has one for each time at which it said something, and one of its own,
   * without values or time, for whether it can be reached; its values are told also when it cannot.
   */
  readonly reportsByTime?: true;
  /** What is told of a command is told when the cloud takes it, unless given: then only when the module has acted. */
  readonly toldOnceActed?: true;
  /** Modules of the plant that are not as others are; none unless given. */
  readonly odd?: {
    /** Those that have nothing to say. */
    readonly silent: (module: Module) => boolean;
    /** One that cannot be reached. */
    readonly lost: (module: Module) => boolean;
    /** Those that talk to the cloud themselves, and are not offline when the gateway is. */
    readonly independent: (module: Module) => boolean;
    /** Age of the oldest reading that the cloud has, seconds. */
    readonly ageSeconds: number;
  };
}

/** The module of a plant that a wish is for. */
export function targetOf({ of, name }: NamedWish, modules: readonly Module[]): Module {
  const module = of ? modules.find(of) : modules[0];
  if (module === undefined) throw new Error(`no module for ${name}`);
  return module;
}

export interface NamedWish {
  readonly name: string;
  /** The module that it is for; the first of the plant unless given. */
  readonly of?: (module: Module) => boolean;
  /** What the webhook tells of it: all that the state tells as well (unless given), just the change, or nothing. */
  readonly told?: 'change' | 'nothing';
  /** No reading of the module itself shows that it was carried out. */
  readonly unseen?: true;
  readonly wish: (now: number) => ModuleWish;
}
