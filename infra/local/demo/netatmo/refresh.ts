import * as z from 'zod';
import { present, type Stage } from '../step.ts';

const App = z.looseObject({ netatmo: z.object({ clientId: z.string(), clientSecret: z.string() }) });

/** Asks the simulated cloud for tokens, as our application. */
export function refreshAt(url: string, { readSecret }: Stage) {
  return (refreshToken: string): Promise<Response> => {
    const { clientId, clientSecret } = App.parse(
      JSON.parse(present(readSecret('app'), 'a secret app')),
    ).netatmo;
    const body = new URLSearchParams({
      grant_type: 'refresh_token',
      refresh_token: refreshToken,
      client_id: clientId,
      client_secret: clientSecret,
    });
    return fetch(`${url}/oauth2/token`, { method: 'POST', body });
  };
}
