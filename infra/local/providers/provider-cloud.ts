import type { ProviderName } from '../../../shared/domain/provider-name.ts';

/** What Latchkey has to know of a provider's cloud, wherever it is. */
export interface ConnectedCloud {
  /** Where an owner's browser goes; without a trailing slash. */
  readonly url: string;
  /** The environment that points Latchkey at this cloud. */
  readonly env: Readonly<Record<string, string>>;
  /** The application that the cloud knows, in the form of Latchkey's app secret. */
  readonly credentials: Readonly<Record<string, string>>;
}

/**
 * A provider's cloud, simulated: a real HTTP server on loopback that a test, the demo and a person with a browser
 * use alike. Everything it can do beside being that cloud is under `{url}/_sim/`.
 */
export interface ProviderCloud extends ConnectedCloud {
  readonly name: ProviderName;
  /** Somebody to sign in as, with the most of what the cloud can show. */
  readonly person: { readonly login: string; readonly password: string };
  /**
   * Replaces the reply URLs registered on the application; they are compared as exact strings.
   * @throws {RangeError} when there are more than the cloud allows
   */
  setReplyUrls(urls: readonly string[]): void;
  /** Resolves when nothing of it is left: no connection, no timer, no delivery under way. */
  close(): Promise<void>;
}
