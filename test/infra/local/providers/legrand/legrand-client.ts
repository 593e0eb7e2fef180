/** What an application and its user do at the simulated cloud, over HTTP only. */

import type { LegrandCloud } from '../../../../../infra/local/providers/legrand/cloud.ts';
import { locationOf, submitForm } from '../page-form.ts';

export const REPLY_URL = 'http://127.0.0.1:9/oauth/legrand/callback';
export const MARIE = 'marie@example.net';
export const PAUL = 'paul@example.net';
export const NINA = 'nina@example.net';
export const HOME = '7f3c1a52-90be-4d1d-8a2e-55aa01020304';
export const LIVING_ROOM = 'c4d2e6f8-1357-4b9d-a0c1-66bb05060708';
export const CASA_ROSSI = '1b2c3d4e-5f60-4718-a92b-3c4d5e6f7081';
export const SOGGIORNO = 'e6f4081a-3579-4dbf-82e3-88dd2728292a';

export function modulePath(plantId: string = HOME, moduleId: string = LIVING_ROOM): string {
  return `/chronothermostat/thermoregulation/addressLocation/plants/${plantId}/modules/parameter/id/value/${moduleId}`;
}

export interface TokenSet {
  readonly access_token: string;
  readonly refresh_token: string;
  readonly id_token: string;
  readonly [field: string]: unknown;
}

export function authorizeUrl(cloud: LegrandCloud, changes: Record<string, string> = {}): string {
  const query = {
    client_id: cloud.credentials.clientId,
    response_type: 'code',
    redirect_uri: REPLY_URL,
    state: 'a b&c',
  };
  return `${cloud.loginUrl}/authorize?${new URLSearchParams({ ...query, ...changes })}`;
}

/** Fills in the form as the page has it and presses a button; answers where the browser is sent. */
export function submitSignIn(
  url: string,
  { email = MARIE, password = 'legrand', decision = 'allow' } = {},
): Promise<Response> {
  return submitForm(url, { email, password, decision });
}

export async function obtainCode(cloud: LegrandCloud, email = MARIE): Promise<string> {
  const response = await submitSignIn(authorizeUrl(cloud), { email });
  return locationOf(response).searchParams.get('code') ?? 'no code';
}

export function requestToken(cloud: LegrandCloud, fields: Record<string, string>): Promise<Response> {
  const { clientId, clientSecret } = cloud.credentials;
  const body = new URLSearchParams({ client_id: clientId, client_secret: clientSecret, ...fields });
  return fetch(`${cloud.loginUrl}/token`, { method: 'POST', body });
}

export function exchangeCode(cloud: LegrandCloud, code: string): Promise<Response> {
  return requestToken(cloud, { grant_type: 'authorization_code', code });
}

export function refresh(cloud: LegrandCloud, refreshToken: string): Promise<Response> {
  return requestToken(cloud, { grant_type: 'refresh_token', refresh_token: refreshToken });
}

export async function link(cloud: LegrandCloud, email = MARIE): Promise<TokenSet> {
  return (await exchangeCode(cloud, await obtainCode(cloud, email))).json() as Promise<TokenSet>;
}

export type CallApi = (method: string, path: string, body?: unknown) => Promise<Response>;

/** An application's calls for one user. */
export function apiOf(
  cloud: LegrandCloud,
  accessToken: string,
  headers: Record<string, string> = {},
): CallApi {
  return (method, path, body) =>
    fetch(`${cloud.apiUrl}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${accessToken}`,
        'ocp-apim-subscription-key': cloud.credentials.subscriptionKey,
        'content-type': 'application/json',
        ...headers,
      },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
}

export async function linkedApi(cloud: LegrandCloud, email = MARIE): Promise<CallApi> {
  return apiOf(cloud, (await link(cloud, email)).access_token);
}
