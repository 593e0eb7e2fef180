/**
 * What a cloud must offer to be one of Latchkey's providers. A driver is a factory named after its cloud that
 * returns a plain object; what a cloud cannot do is an absent member. A driver never sees a refresh token, has no
 * clock and keeps no state: it asks through the `Session` it is given.
 */
import type { Account, WebhookSubscription } from '../domain/account.ts';
import type { BanFacts } from '../domain/answer-tally.ts';
import type { CallLimits } from '../domain/call-limits.ts';
import type { ModuleWish } from '../domain/command-action.ts';
import type { LoginWords, PastedToken } from '../domain/credentials.ts';
import type { System } from '../domain/device.ts';
import type { LatchkeyError } from '../domain/error.ts';
import type { HappeningType } from '../domain/event.ts';
import type { FetchedResolution, Measured, TimeSpan } from '../domain/history.ts';
import type { Module, ModuleDescription } from '../domain/module.ts';
import type { Plant } from '../domain/plant.ts';
import type { ProviderName } from '../domain/provider-name.ts';
import type { CapabilityName, ReportedValues } from '../domain/reading.ts';
import type { SyncTask } from '../domain/sync-job.ts';
import type { UtcTime } from '../domain/time.ts';
import type { ProviderAnswer, ProviderRequest } from './request.ts';

export interface Provider {
  readonly name: ProviderName;
  readonly oauth: OauthFacts;
  /** Where there is no consent page. */
  readonly login?: LoginApi;
  /** How many calls the cloud allows, beside those of its token endpoint. */
  readonly limits: CallLimits;
  readonly polling: PollingFacts;
  /** What an answer of the API means by the cloud's table of errors; `undefined` when it is no refusal. */
  judge(answer: ProviderAnswer): LatchkeyError | undefined;
  /** Topology: every plant of the account with its modules, without their readings. */
  plants(
    session: Session,
    account: Pick<Account, 'accountId' | 'timeZone' | 'scopes' | 'linkedBy'>,
    now: number,
  ): Promise<DiscoveredPlant[]>;
  /**
   * The present readings of the plants' modules, as they come in. A module that cannot be read is left out or reported
   * unreachable, and one plant that cannot be read does not hide the others.
   * @throws {LatchkeyError} – at its end, when something could not be read; what could has been reported by then
   */
  state(session: Session, plants: readonly PlantModules[]): AsyncIterable<Report>;
  /** When polling again is worthwhile; where absent, after `polling.stateSeconds`. Pure. */
  nextStateAt?(polled: Polled, now: number): UtcTime;
  /**
   * Translates a wish into calls, before anything is sent.
   * @throws {LatchkeyError} command_unsupported, request_invalid – when this module cannot do it
   */
  prepare(wish: ModuleWish, target: CommandTarget, now: number): PreparedCommand;
  readonly webhook?: WebhookApi;
  readonly history?: HistoryApi;
  /**
   * Reads what a webhook delivered. Pure, and never throws: what it cannot read is an `unreadable`.
   * @param timeZoneOf – the zones of the plants known, for deliveries that tell times as the wall clock shows them;
   * where it knows none, the driver's default zone counts
   */
  translate(raw: string, timeZoneOf?: TimeZoneOf): Translation;
}

/** What OAuth is at this cloud. The vault runs the grants with it. */
export interface OauthFacts {
  readonly clientId: string;
  /** Empty where the cloud gives none: then it is not sent. */
  readonly clientSecret: string;
  /** Absent where the cloud has no consent page of its own: then the owner links on a page of ours. */
  readonly authorizationUrl?: string;
  readonly tokenUrl: string;
  /** OpenID discovery document; the source of issuer and keys for the id token. */
  readonly discoveryUrl?: string;
  /** Every scope that the cloud knows. */
  readonly scopes: readonly string[];
  /** Those that devices of these systems need; none where the cloud has no such devices. */
  scopesOf(systems: readonly System[]): readonly string[];
  /** Why the password grant is not offered, for whoever asks for it. */
  readonly withoutPasswords: string;
  /** Life of a refresh token that is not used, seconds. */
  readonly refreshLifeSeconds: number;
  /** Exchanges that all workers together may begin within a window, so that a catch-up after an outage is no assault. */
  readonly exchangeLimit: { readonly count: number; readonly windowSeconds: number };
  /**
   * Brings a 200 answer of the token endpoint into the one form the vault knows.
   * @throws {LatchkeyError} provider_unexpected – when there is no access token in it
   */
  readTokenAnswer(body: unknown): TokenAnswer;
  /** Judges any other answer of the token endpoint. */
  judgeRefusal(answer: ProviderAnswer): GrantRefusal;
  /** Whether an API answer means that the access token, and nothing else, was refused. */
  isAccessTokenRefused(answer: ProviderAnswer): boolean;
}

/**
 * How a person is linked on a page of ours. What they enter passes through: nothing of it is kept, logged or told in an
 * error.
 */
export interface LoginApi {
  readonly words: LoginWords;
  /** What to send to the token endpoint, beside the client id. Pure. */
  passwordForm(given: { readonly username: string; readonly password: string }): LoginForm;
  /** @throws {LatchkeyError} request_invalid – when the challenge is not what `readChallenge` made */
  codeForm(given: { readonly challenge: string; readonly code: string }): LoginForm;
  /** What a code is wanted for, as one text to bring back with it; `undefined` when the answer wants none. Pure. */
  readChallenge(answer: ProviderAnswer): string | undefined;
  /** Why the token endpoint refuses what was entered. Pure. */
  judgeRefusal(answer: ProviderAnswer, step: 'password' | 'code'): LatchkeyError;
  /**
   * The cloud's own id of the person whose token the session sends.
   * @throws {LatchkeyError} – as the provider's table of errors says
   */
  personOf(session: Pick<Session, 'send'>): Promise<string>;
  /**
   * Tries whether a token is what it was pasted as.
   * @throws {LatchkeyError} request_invalid – the id is none
   * @throws {LatchkeyError} credentials_refused – with words that say what it is instead
   * @throws {LatchkeyError} – as the provider's table of errors says
   */
  examine(session: Pick<Session, 'send'>, pasted: Pick<PastedToken, 'way' | 'id'>): Promise<void>;
}

export type LoginForm = Readonly<Record<string, string>>;

/** A token endpoint's 200 answer, normalised. */
export interface TokenAnswer {
  readonly accessToken: string;
  /** Absent where the server does not rotate. */
  readonly refreshToken?: string;
  /** Seconds from the moment the request was sent. */
  readonly expiresInSeconds?: number;
  /** Epoch seconds by the provider's clock. */
  readonly expiresOn?: number;
  readonly refreshExpiresInSeconds?: number;
  readonly scopes?: readonly string[];
  readonly idToken?: string;
  /** The provider's own user id as far as the token itself tells; unverified. */
  readonly subject?: string;
}

/**
 * Why a grant was refused, as rotation needs to know it.
 * `not_spent`: wait and repeat. `probably_not_spent`: back off, and after three treat as unknown.
 * `operator`: our own application is misconfigured. `invalid_grant`: the token or code is dead, or a race was lost.
 * `owner_action`: the owner has to act in the provider's own app.
 */
export interface GrantRefusal {
  readonly kind: 'not_spent' | 'probably_not_spent' | 'operator' | 'invalid_grant' | 'owner_action';
  /** The provider's own error, safe to show. */
  readonly error: LatchkeyError;
  readonly retryAfterSeconds?: number;
}

/** How often a cloud is to be asked where it does not tell by itself, seconds. */
export interface PollingFacts {
  readonly topologySeconds: number;
  readonly stateSeconds: number;
  readonly subscriptionsSeconds: number;
  /** How long to wait for a webhook to show a command's effect before asking. */
  readonly observeSeconds: number;
  /** From what age on a reading is called stale. */
  readonly staleSeconds: number;
}

/** An account's access to its cloud. */
export interface Session {
  readonly accountId: string;
  /**
   * Sends with the account's access token; when that is refused, rotates once and repeats once.
   * Answers of any status are returned.
   * @throws {LatchkeyError} provider_unavailable – when there is no answer
   * @throws {LatchkeyError} account_unlinked, owner_action_required, token_contended – when there is no usable token
   */
  send(request: ProviderRequest): Promise<ProviderAnswer>;
}

export interface DiscoveredPlant {
  readonly nativeId: string;
  readonly name: string;
  readonly timeZone: string;
  readonly ambients: Plant['ambients'];
  readonly modules: readonly DiscoveredModule[];
}

/** A module as it was found; the plant as a whole is one, under the plant's own id, where it can be told something. */
export type DiscoveredModule = Omit<
  ModuleDescription,
  'moduleId' | 'accountId' | 'plantId' | 'profiles' | 'withheld' | 'native'
> &
  Partial<Pick<ModuleDescription, 'profiles' | 'withheld' | 'native'>>;

/** What one module said at one time. */
export interface Report {
  /** Absent where the provider does not say. */
  readonly plantNativeId?: string;
  readonly moduleNativeId: string;
  /** Absent where the provider gives no time: then it is the time of receipt. */
  readonly observedAt?: UtcTime;
  readonly values: ReportedValues;
  readonly reachable?: boolean;
}

/** What was said of an ambient as a whole: it counts for each module in it that has the capability. */
export interface AmbientReport extends Pick<Report, 'observedAt' | 'values'> {
  readonly plantNativeId: string;
  readonly ambientId: string;
}

/** Something that happened at a module, apart from its readings. */
export interface Happening {
  readonly type: HappeningType;
  readonly moduleNativeId: string;
  /** Absent where the provider does not say. */
  readonly plantNativeId?: string;
  readonly persons: readonly {
    /** Of the module that stands for the person; absent: a stranger. */
    readonly nativeId?: string;
    readonly isKnown: boolean;
    readonly pictureUrl?: string;
  }[];
  /** Plain values that are safe to show. */
  readonly details: Readonly<Record<string, string | boolean>>;
}

/** The zone of a plant, by its native id. */
export type TimeZoneOf = (plantNativeId: string) => string | undefined;

export type Translation =
  | PlainTranslation
  /** What it means depends on the modules that are known of the account. Pure, and never throws. */
  | { readonly kind: 'by_modules'; read(modules: readonly Module[]): PlainTranslation };

export type PlainTranslation =
  | {
      readonly kind: 'reports';
      readonly reports: readonly Report[];
      readonly ambients?: readonly AmbientReport[];
      readonly happenings?: readonly Happening[];
      /** What is to be asked for, since all that is known is that it has changed. */
      readonly lookAgain?: SyncTask;
    }
  /** Understood, and nothing in it for the home: a handshake, say. */
  | { readonly kind: 'ignored'; readonly reason: string }
  | { readonly kind: 'unreadable'; readonly reason: string };

/** A plant with the modules that are known of it. */
export interface PlantModules {
  readonly plant: Plant;
  readonly modules: readonly Module[];
}

/** What a poll of a whole account brought. */
export interface Polled {
  readonly plants: readonly PlantModules[];
  readonly reports: readonly Report[];
  /** How many accounts are linked at this cloud: all of them share what it allows our application. */
  readonly accounts: number;
}

export interface CommandTarget {
  readonly plant: Plant;
  readonly module: Module;
}

export interface PreparedCommand {
  /** The readings that will show that the command was carried out; empty where none of this module will. */
  readonly expects: ReportedValues;
  /** Whether sending it twice leaves the module as sending it once: only then it is repeated where that is in doubt. */
  readonly isIdempotent: boolean;
  /**
   * Resolves when the provider has acknowledged it.
   * @throws {LatchkeyError} – as the provider's table of errors says
   */
  execute(session: Session): Promise<void>;
}

/** How a cloud is told where to deliver: for each plant by itself, for all that a person has there, or by hand. */
export type WebhookApi = PlantWebhookApi | AccountWebhookApi | ByHandWebhookApi;

interface WebhookFacts {
  /** When the cloud stops calling an address; absent where nothing of the kind is known. */
  readonly ban?: BanFacts;
  /** Whether a delivery carries our application's signature, as its text was signed; absent: the cloud signs nothing. */
  isSigned?(raw: string, signature: string): boolean;
}

/**
 * One address for a person and our application, and nothing tells which. What is added last counts: where a person is
 * linked for two owners, that is the account that was synced last, and the other is left to its polls.
 */
export interface AccountWebhookApi extends WebhookFacts {
  readonly breadth: 'account';
  /** Repeatable. */
  add(session: Session, url: string): Promise<void>;
  /** Resolves also when there is none. */
  drop(session: Session): Promise<void>;
}

/**
 * No call tells the cloud: the owner does, there and by hand, for whatever they like to have delivered. What is told so,
 * and whether it still is, nobody can ask.
 */
export interface ByHandWebhookApi extends WebhookFacts {
  readonly breadth: 'by_hand';
  /** What the owner has the cloud send, beside the address. */
  readonly bodyTemplate: string;
}

/** Subscriptions of single plants, with ids and a list. */
export interface PlantWebhookApi extends WebhookFacts {
  readonly breadth: 'plant';
  /** The person's subscriptions that point to `urlPrefix`; those of others are never returned. */
  list(session: Session, urlPrefix: string): Promise<HeldSubscription[]>;
  subscribe(session: Session, plant: Pick<Plant, 'nativeId'>, url: string): Promise<HeldSubscription>;
  /** Resolves also when it is gone already. */
  unsubscribe(session: Session, subscription: HeldSubscription): Promise<void>;
}

export interface HeldSubscription extends Omit<WebhookSubscription, 'since' | 'plantNativeId'> {
  readonly plantNativeId: string;
  /** When the cloud switched it on last; absent where it does not tell. */
  readonly activatedAt?: UtcTime;
}

/** What a cloud keeps of its modules' past. */
export interface HistoryApi {
  /** At which resolutions a capability can be asked for; none where the cloud keeps nothing of it. Pure. */
  offer(module: Module, capability: CapabilityName): HistoryOffer;
  /**
   * Makes one call, or a few where a single one does not tell how the span begins.
   * @param question – for something that is offered
   * @throws {LatchkeyError} – as the provider's table of errors says
   */
  page(session: Session, target: CommandTarget, question: HistoryQuestion): Promise<HistoryPage>;
}

/**
 * By resolution, the length of its longest step, seconds: what a value is the mean or the sum of. 0: it is what was
 * measured at that moment. `raw` is the finest there is.
 */
export type HistoryOffer = Readonly<Partial<Record<FetchedResolution, number>>>;

export interface HistoryQuestion extends TimeSpan {
  readonly capability: CapabilityName;
  readonly resolution: FetchedResolution;
}

export interface HistoryPage {
  /** All within the span that was asked for, oldest first, each moment once; steps stand where they begin. */
  readonly points: readonly Measured[];
  /** Where to go on, epoch milliseconds; absent: there is no more. */
  readonly nextEpochMs?: number;
  /** `false`: something in the answer could not be read, and is left out. */
  readonly isWhole: boolean;
}
