import type { LegrandCloud } from '../../../../infra/local/providers/legrand/cloud.ts';
import { createLegrandCloud } from '../../../../infra/local/providers/legrand/cloud.ts';
import type { FaultOrder } from '../../../../infra/local/providers/legrand/faults/faults.ts';
import { SEED_PASSWORD } from '../../../../infra/local/providers/legrand/seed.ts';
import { accountIdFor } from '../../../../shared/domain/ids.ts';
import { legrand } from '../../../../shared/providers/legrand/driver.ts';
import { legrandIntake } from '../../../../shared/providers/legrand/intake.ts';
import type { OauthFacts } from '../../../../shared/providers/provider.ts';
import { createSession, exchange, postForm } from '../cloud-session.ts';
import type { Misbehaviour, ProviderBench } from '../provider-setup.ts';

/** A winter evening in Paris; the cloud's clock stands still, so that two readings of one thing are equal. */
export const NOW = Date.parse('2026-01-15T17:05:42Z');

const REPLY_URL = 'http://127.0.0.1:9/oauth/legrand/callback';

/** Marie's home in Paris has two thermostats; Paul has two plants in Italy, Nina has none. */
export type Person = 'marie' | 'paul' | 'nina';

export interface LegrandBench extends ProviderBench {
  readonly cloud: LegrandCloud;
}

const faults: Record<Misbehaviour, FaultOrder> = {
  access_token_refused: { name: 'access_token_expired' },
  quota_used_up: { name: 'quota_exceeded' },
  modules_offline: { name: 'gateway_offline' },
  unavailable: { name: 'bad_gateway' },
  unreadable: { name: 'bad_gateway', parameters: { status: 200 } },
  grants_unavailable: { name: 'bad_gateway', on: 'token' },
  foreign_subscriptions: { name: 'foreign_subscriptions' },
};

export async function openLegrand(
  person: Person = 'marie',
  timeZone = 'Europe/Paris',
): Promise<LegrandBench> {
  const cloud = await createLegrandCloud({ replyUrls: [REPLY_URL], now: () => NOW });
  const { loginUrl, apiUrl, credentials, faults: switches } = cloud;
  const provider = legrand({ loginUrl, apiUrl, credentials, defaultTimeZone: 'Europe/Paris' });
  const linked = await exchange(provider.oauth, {
    grant_type: 'authorization_code',
    code: await consent(provider.oauth, `${person}@example.net`),
  });
  const tokenAnswer: unknown = JSON.parse(linked.body);
  const { accessToken, refreshToken = '', subject = '' } = provider.oauth.readTokenAnswer(tokenAnswer);
  const accountId = accountIdFor('legrand', 'owner-1', subject);

  // The device's own limits are not known to be the cloud's; wishes have to keep both.
  const restore = () => {
    switches.clear();
    switches.set({ name: 'device_limits' });
  };
  restore();

  return {
    cloud,
    provider,
    intake: legrandIntake,
    account: { accountId, timeZone, scopes: [...provider.oauth.scopes] },
    session: createSession(accountId, accessToken),
    tokenAnswer,
    refreshToken,
    refresh: (token, application) =>
      exchange(provider.oauth, {
        grant_type: 'refresh_token',
        refresh_token: token,
        ...(application === 'unknown' && { client_secret: 'another-secret' }),
      }),
    now: () => NOW,
    misbehave: (how) => {
      switches.set(faults[how]);
    },
    restore,
    settle: async () => undefined,
    close: () => cloud.close(),
  };
}

/** Submits the form of the sign-in page; returns the code that the browser would carry back. */
async function consent(oauth: OauthFacts, email: string): Promise<string> {
  const answer = await postForm(oauth.authorizationUrl ?? '', {
    client_id: oauth.clientId,
    response_type: 'code',
    redirect_uri: REPLY_URL,
    scope: oauth.scopes.join(' '),
    state: 'state',
    decision: 'allow',
    email,
    password: SEED_PASSWORD,
  });
  const code = new URL(answer.headers.location ?? REPLY_URL).searchParams.get('code');
  if (code === null) throw new Error(`no consent: ${answer.status}`);
  return code;
}
