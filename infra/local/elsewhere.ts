/** Other clouds than the simulated ones, as the environment names them: all of a cloud, or nothing of it. */
import { displayNames, ProviderName } from '../../shared/domain/provider-name.ts';
import type { ProviderUrls } from '../stage.ts';
import type { ConnectedCloud } from './providers/provider-cloud.ts';

/** Those that replace a simulated one. */
export type Elsewhere = Readonly<Partial<Record<ProviderName, ConnectedCloud>>>;

interface CloudNames {
  /** The first is where an owner's browser goes. */
  readonly urls: readonly [keyof ProviderUrls, ...(keyof ProviderUrls)[]];
  /** The variable of each credential. */
  readonly credentials: Readonly<Record<string, string>>;
}

/** The variables that name a cloud and what it gave your application. */
const clouds: Record<ProviderName, CloudNames> = {
  legrand: {
    urls: ['LATCHKEY_LEGRAND_LOGIN_URL', 'LATCHKEY_LEGRAND_API_URL'],
    credentials: {
      clientId: 'LATCHKEY_LEGRAND_CLIENT_ID',
      clientSecret: 'LATCHKEY_LEGRAND_CLIENT_SECRET',
      subscriptionKey: 'LATCHKEY_LEGRAND_SUBSCRIPTION_KEY',
    },
  },
  netatmo: {
    urls: ['LATCHKEY_NETATMO_URL'],
    credentials: {
      clientId: 'LATCHKEY_NETATMO_CLIENT_ID',
      clientSecret: 'LATCHKEY_NETATMO_CLIENT_SECRET',
    },
  },
  allthingstalk: {
    urls: ['LATCHKEY_ALLTHINGSTALK_URL'],
    credentials: { clientId: 'LATCHKEY_ALLTHINGSTALK_CLIENT_ID' },
  },
};

/** @returns the problem as one line where only some of a cloud's variables are set */
export function readElsewhere(environment: NodeJS.ProcessEnv): Elsewhere | { readonly problem: string } {
  const problems = ProviderName.options.flatMap((name) => problemOf(name, environment) ?? []);
  if (problems.length > 0) return { problem: problems.join('; ') };
  const named = ProviderName.options.filter((name) => missing(name, environment).length === 0);
  return Object.fromEntries(named.map((name) => [name, readCloud(clouds[name], environment)]));
}

function problemOf(name: ProviderName, environment: NodeJS.ProcessEnv): string | undefined {
  const absent = missing(name, environment);
  if (absent.length === 0 || absent.length === variables(clouds[name]).length) return undefined;
  return `another ${displayNames[name]} cloud is named, but not all of it: ${absent.join(', ')} missing`;
}

function missing(name: ProviderName, environment: NodeJS.ProcessEnv): string[] {
  return variables(clouds[name]).filter((variable) => !environment[variable]);
}

function variables({ urls, credentials }: CloudNames): string[] {
  return [...urls, ...Object.values(credentials)];
}

function readCloud({ urls, credentials }: CloudNames, environment: NodeJS.ProcessEnv): ConnectedCloud {
  const read = (variable: string) => environment[variable] ?? '';
  return {
    url: read(urls[0]),
    env: Object.fromEntries(urls.map((name) => [name, read(name)])),
    credentials: Object.fromEntries(
      Object.entries(credentials).map(([field, variable]) => [field, read(variable)]),
    ),
  };
}
