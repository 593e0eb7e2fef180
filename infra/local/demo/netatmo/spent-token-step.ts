import * as z from 'zod';
import { expect, present, type Step } from '../step.ts';
import type { Scene } from './scene.ts';

const TokenSet = z.looseObject({ refreshToken: z.string() });
const App = z.looseObject({ netatmo: z.object({ clientId: z.string(), clientSecret: z.string() }) });

/** @param url – of the simulated cloud */
export function spentTokenStep({ client, readSecret, trail }: Scene, url: string): Step {
  const refreshToken = () => TokenSet.parse(readJson(`accounts/${trail.accountId}`)).refreshToken;
  const readJson = (name: string): unknown => JSON.parse(present(readSecret(name), `a secret ${name}`));
  return {
    name: 'find the old refresh token dead',
    async run() {
      const old = refreshToken();
      await client.rotate(trail.accountId);
      expect(refreshToken() !== old, 'the secret still has the old refresh token');
      const { clientId, clientSecret } = App.parse(readJson('app')).netatmo;
      const answer = await fetch(`${url}/oauth2/token`, {
        method: 'POST',
        body: new URLSearchParams({
          grant_type: 'refresh_token',
          refresh_token: old,
          client_id: clientId,
          client_secret: clientSecret,
        }),
      });
      const text = (await answer.text()).trim();
      expect(answer.status === 400, `Netatmo answered it with ${answer.status}: ${text}`);
      const { status } = await client.account(trail.accountId);
      expect(status === 'linked', `the account is ${status}`);
      return `Netatmo answers it with ${answer.status} ${text}, and the account goes on with the new one`;
    },
  };
}
