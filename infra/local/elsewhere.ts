/** Another Legrand cloud than the simulated one, as the environment names it: all of it, or none. */
import type { Elsewhere } from './start.ts';

const names = [
  'LATCHKEY_LEGRAND_LOGIN_URL',
  'LATCHKEY_LEGRAND_API_URL',
  'LATCHKEY_LEGRAND_CLIENT_ID',
  'LATCHKEY_LEGRAND_CLIENT_SECRET',
  'LATCHKEY_LEGRAND_SUBSCRIPTION_KEY',
] as const;

/** @returns the problem as one line where only some of the variables are set; `undefined` where none is */
export function readElsewhere(environment: NodeJS.ProcessEnv): Elsewhere | { problem: string } | undefined {
  const [loginUrl, apiUrl, clientId, clientSecret, subscriptionKey] = names.map((name) => environment[name]);
  if (loginUrl && apiUrl && clientId && clientSecret && subscriptionKey) {
    return {
      urls: { LATCHKEY_LEGRAND_LOGIN_URL: loginUrl, LATCHKEY_LEGRAND_API_URL: apiUrl },
      credentials: { clientId, clientSecret, subscriptionKey },
    };
  }
  const missing = names.filter((name) => !environment[name]);
  if (missing.length === names.length) return undefined;
  return { problem: `another Legrand cloud is named, but not all of it: ${missing.join(', ')} missing` };
}
