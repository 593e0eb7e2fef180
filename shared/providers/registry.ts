import { LatchkeyError } from '../domain/error.ts';
import type { ProviderName } from '../domain/provider-name.ts';
import { allthingstalk } from './allthingstalk/driver.ts';
import { legrand } from './legrand/driver.ts';
import { netatmo } from './netatmo/driver.ts';
import type { Provider } from './provider.ts';

export interface RegistryOptions {
  /** What each provider gave our application. */
  readonly app: {
    readonly legrand: { clientId: string; clientSecret: string; subscriptionKey: string };
    readonly netatmo: { clientId: string; clientSecret: string };
    readonly allthingstalk: { clientId: string };
  };
  readonly urls: Readonly<
    Record<
      | 'LATCHKEY_LEGRAND_LOGIN_URL'
      | 'LATCHKEY_LEGRAND_API_URL'
      | 'LATCHKEY_NETATMO_URL'
      | 'LATCHKEY_ALLTHINGSTALK_URL',
      string
    >
  >;
  readonly defaultTimeZone: string;
  /** What one account may call, where the cloud itself names no limit. */
  readonly callsPerHour: { readonly allthingstalk: number };
}

/** A line a cloud. */
const drivers: Record<ProviderName, (options: RegistryOptions) => Provider> = {
  legrand: ({ app, urls, defaultTimeZone }) =>
    legrand({
      loginUrl: urls.LATCHKEY_LEGRAND_LOGIN_URL,
      apiUrl: urls.LATCHKEY_LEGRAND_API_URL,
      credentials: app.legrand,
      defaultTimeZone,
    }),
  netatmo: ({ app, urls, defaultTimeZone }) =>
    netatmo({ url: urls.LATCHKEY_NETATMO_URL, credentials: app.netatmo, defaultTimeZone }),
  allthingstalk: ({ app, urls, defaultTimeZone, callsPerHour }) =>
    allthingstalk({
      url: urls.LATCHKEY_ALLTHINGSTALK_URL,
      credentials: app.allthingstalk,
      defaultTimeZone,
      callsPerHour: callsPerHour.allthingstalk,
    }),
};

/** The driver of a cloud. @throws {LatchkeyError} config_invalid – when our application has no credentials there */
export function createProviders(options: RegistryOptions): (name: ProviderName) => Provider {
  const made = new Map<ProviderName, Provider>();
  return (name) => {
    const missing = Object.entries(options.app[name]).filter(([, value]) => value === '');
    if (missing.length > 0) {
      const fields = missing.map(([field]) => `${name}.${field}`).join(', ');
      throw new LatchkeyError('config_invalid', `the app secret lacks ${fields}`);
    }
    const provider = made.get(name) ?? drivers[name](options);
    made.set(name, provider);
    return provider;
  };
}
