/** What an application and its user do at the simulated cloud, over HTTP only. */
import * as z from 'zod';
import type { NetatmoCloud } from '../../../../../infra/local/providers/netatmo/cloud.ts';
import { scopes } from '../../../../../infra/local/providers/netatmo/scopes.ts';
import { locationOf, submitForm } from '../page-form.ts';

export const REPLY_URL = 'http://127.0.0.1:9/oauth/netatmo/callback';
export const CLAIRE = 'claire@example.net';
export const BRUNO = 'bruno@example.net';
export const DORA = 'dora@example.net';
export const CLAIRE_ID = '65f0aa11bb22cc33dd44ee55';

export const MAISON = '65aa00000000000000000001';
export const LOFT = '65aa00000000000000000002';
export const CASA = '65aa00000000000000000003';
export const TERRAIN = '65aa00000000000000000009';
export const SALON = '1000000001';
export const CHAMBRE = '1000000002';
export const BUREAU = '1000000003';
export const STATION = '70:ee:50:aa:bb:01';
export const GARDEN = '02:00:00:aa:bb:02';
export const RELAY = '70:ee:50:aa:bb:10';
export const GATEWAY = '00:04:74:aa:bb:20';
export const CAMERA = '70:ee:50:aa:bb:41';
/** One of Legrand's modules behind that gateway. */
export const legrand = (suffix: string) => `00:04:74:00:00:aa:bb:${suffix}`;
export const PLUG = legrand('21');

export const allScopes = scopes.join(' ');

export const TokenSet = z.looseObject({ access_token: z.string(), refresh_token: z.string() });
export type TokenSet = z.infer<typeof TokenSet>;

export function authorizeUrl(cloud: NetatmoCloud, changes: Record<string, string> = {}): string {
  const query = {
    client_id: cloud.credentials.clientId,
    redirect_uri: REPLY_URL,
    scope: allScopes,
    state: 'a b&c',
  };
  return `${cloud.url}/oauth2/authorize?${new URLSearchParams({ ...query, ...changes })}`;
}

export async function obtainCode(cloud: NetatmoCloud, email = CLAIRE, scope = allScopes): Promise<string> {
  const fields = { email, password: 'netatmo', decision: 'allow' };
  const sent = await submitForm(authorizeUrl(cloud, { scope }), fields);
  return locationOf(sent).searchParams.get('code') ?? 'no code';
}

export function requestToken(cloud: NetatmoCloud, fields: Record<string, string>): Promise<Response> {
  const { clientId, clientSecret } = cloud.credentials;
  const body = new URLSearchParams({ client_id: clientId, client_secret: clientSecret, ...fields });
  return fetch(`${cloud.url}/oauth2/token`, { method: 'POST', body });
}

export function exchangeCode(cloud: NetatmoCloud, code: string): Promise<Response> {
  return requestToken(cloud, { grant_type: 'authorization_code', code, redirect_uri: REPLY_URL });
}

export function refresh(cloud: NetatmoCloud, refreshToken: string): Promise<Response> {
  return requestToken(cloud, { grant_type: 'refresh_token', refresh_token: refreshToken });
}

export async function link(cloud: NetatmoCloud, email = CLAIRE, scope = allScopes): Promise<TokenSet> {
  return TokenSet.parse(await (await exchangeCode(cloud, await obtainCode(cloud, email, scope))).json());
}

export interface ApiAnswer {
  readonly status: number;
  /** The JSON, whose shape is what the test is about. */
  readonly json: unknown;
  readonly text: string;
}

/** Parameters go into the query; a body is sent as JSON, by POST. */
export type CallApi = (
  method: string,
  query?: Readonly<Record<string, string>>,
  body?: unknown,
) => Promise<ApiAnswer>;

export function apiOf(cloud: NetatmoCloud, accessToken: string): CallApi {
  return async (method, query = {}, body) => {
    const response = await fetch(`${cloud.url}/api/${method}?${new URLSearchParams(query)}`, {
      method: body === undefined ? 'GET' : 'POST',
      headers: {
        authorization: `Bearer ${accessToken}`,
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, text, json: parsed(text) };
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

export async function linkedApi(cloud: NetatmoCloud, email = CLAIRE, scope = allScopes): Promise<CallApi> {
  return apiOf(cloud, (await link(cloud, email, scope)).access_token);
}

const Status = z.object({
  body: z.object({
    home: z.looseObject({
      rooms: z.array(z.looseObject({ id: z.string() })).default([]),
      modules: z.array(z.looseObject({ id: z.string() })).default([]),
    }),
    errors: z.array(z.unknown()).optional(),
  }),
});

export async function statusOf(api: CallApi, homeId = MAISON) {
  return Status.parse((await api('homestatus', { home_id: homeId })).json).body;
}

export async function moduleStatus(api: CallApi, moduleId: string, homeId = MAISON) {
  return (await statusOf(api, homeId)).home.modules.find(({ id }) => id === moduleId);
}

export async function roomStatus(api: CallApi, roomId: string, homeId = MAISON) {
  return (await statusOf(api, homeId)).home.rooms.find(({ id }) => id === roomId);
}

/** Writes the state of modules behind the Legrand gateway. */
export function setModules(
  api: CallApi,
  modules: readonly Readonly<Record<string, unknown>>[],
  homeId = MAISON,
): Promise<ApiAnswer> {
  const behind = modules.map((module) => ({ bridge: GATEWAY, ...module }));
  return api('setstate', {}, { home: { id: homeId, modules: behind } });
}
