import { createNetatmoCloud, type NetatmoCloud } from '../../../../infra/local/providers/netatmo/cloud.ts';
import type { FaultOrder } from '../../../../infra/local/providers/netatmo/faults/faults.ts';
import { scopes as everyScope } from '../../../../infra/local/providers/netatmo/scopes.ts';
import { SEED_PASSWORD } from '../../../../infra/local/providers/netatmo/seed/people.ts';
import { accountIdFor } from '../../../../shared/domain/ids.ts';
import { netatmo } from '../../../../shared/providers/netatmo/driver.ts';
import type { OauthFacts, Provider } from '../../../../shared/providers/provider.ts';
import { createSession, exchange, postForm } from '../cloud-session.ts';
import type { ProviderBench } from '../provider-setup.ts';

/** A winter evening in Paris; the cloud's clock stands still, so that two readings of one thing are equal. */
export const NOW = Date.parse('2026-01-15T17:05:42Z');

export const REPLY_URL = 'http://127.0.0.1:9/oauth/netatmo/callback';

/** Claire's house has something of every family; Bruno and Dora have less, see the simulator's seed. Many is whom a test adds. */
export type Person = 'claire' | 'bruno' | 'dora' | 'many';

export interface NetatmoBench extends Omit<ProviderBench, 'intake' | 'misbehave' | 'restore' | 'settle'> {
  readonly cloud: NetatmoCloud;
  readonly provider: Provider;
}

export interface NetatmoBenchOptions {
  readonly person?: Person;
  /** What the owner consents to; everything unless given. */
  readonly scopes?: readonly string[];
  /** One that is open already, and stays so. */
  readonly cloud?: NetatmoCloud;
}

export async function openNetatmo(options: NetatmoBenchOptions = {}): Promise<NetatmoBench> {
  const { person = 'claire', scopes = everyScope } = options;
  const cloud = options.cloud ?? (await createNetatmoCloud({ replyUrls: [REPLY_URL], now: () => NOW }));
  const { url, credentials } = cloud;
  const provider = netatmo({ url, credentials, defaultTimeZone: 'Europe/Paris' });
  const linked = await exchange(provider.oauth, {
    grant_type: 'authorization_code',
    redirect_uri: REPLY_URL,
    code: await consent(provider.oauth, `${person}@example.net`, scopes),
  });
  const tokenAnswer: unknown = JSON.parse(linked.body);
  const { accessToken, refreshToken = '', subject = '' } = provider.oauth.readTokenAnswer(tokenAnswer);
  const accountId = accountIdFor('netatmo', 'owner-1', subject);
  return {
    cloud,
    provider,
    account: { accountId, timeZone: 'Europe/Paris', scopes: [...scopes] },
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
    close: async () => {
      if (options.cloud === undefined) await cloud.close();
    },
  };
}

/** What a fault is ordered with, for tests of one error at a time. */
export type NetatmoFault = FaultOrder;

/** Submits the form of the consent page; returns the code that the browser would carry back. */
export async function consent(oauth: OauthFacts, email: string, scopes: readonly string[]): Promise<string> {
  const answer = await postForm(new URL('consent', oauth.authorizationUrl).href, {
    client_id: oauth.clientId,
    redirect_uri: REPLY_URL,
    scope: scopes.join(' '),
    state: 'state',
    email,
    password: SEED_PASSWORD,
    decision: 'allow',
  });
  const code = new URL(answer.headers.location ?? REPLY_URL).searchParams.get('code');
  if (code === null) throw new Error(`no consent: ${answer.status}`);
  return code;
}
