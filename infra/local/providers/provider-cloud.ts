import type { ProviderName } from '../../../shared/domain/provider-name.ts';

/**
 * A provider's cloud, simulated: a real HTTP server on loopback that a test, the demo and a person with a browser
 * use alike. Everything it can do beside being that cloud is under `{url}/_sim/`.
 */
export interface ProviderCloud {
  readonly name: ProviderName;
  /** Without a trailing slash. */
  readonly url: string;
  /** The environment that points Latchkey at this cloud instead of the real one. */
  readonly env: Readonly<Record<string, string>>;
  /** The application that the cloud knows, in the form of Latchkey's app secret. */
  readonly credentials: Readonly<Record<string, string>>;
  /**
   * Replaces the reply URLs registered on the application; they are compared as exact strings.
   * @throws {RangeError} when there are more than the cloud allows
   */
  setReplyUrls(urls: readonly string[]): void;
  /** Resolves when nothing of it is left: no connection, no timer, no delivery under way. */
  close(): Promise<void>;
}
