/** What a program and a person do at the simulated cloud, over HTTP only. */
import * as z from 'zod';
import type { Settings } from '../../../../../infra/local/providers/allthingstalk/settings.ts';
import { sim } from '../sim.ts';

export const CASEY = { username: 'casey', password: 'stage+right&50%' };
export const ROBIN = { username: 'robin', password: 'allthingstalk' };
export const KIM = { username: 'kim', password: 'allthingstalk' };
export const CASEY_ID = '5f00aa11bb22cc33dd44ee55';
export const ROBIN_ID = '5f00aa11bb22cc33dd44ee66';

export const HOUSE = 'Gr0undQ8wErT5yUiOp3AsDfG';
export const CABIN = 'Gr0undCab1nRobinZxCvBnM2';
export const PLAYGROUND = 'Gr0undPlayKimNothingHere';
export const ATTIC = 'GwQ1w2E3r4T5y6U7i8O9p0As';
export const NODE = 'Kx7RmQ2vTd9LpWc4ZsJh8YbN';
export const PLUG = 'P1ugQaWsEdRfTgYhUjIkOlPz';
export const LAMP = 'LampMnBvCxZlKjHgFdSaPoIu';
export const HEATING = 'HeatYtReWqAsDfGhJkLpOiUy';
export const CAMERA = 'CamZaQxSwCdEvFrBgTnHyMj';
export const BLIND = 'B1indXdRcFtVgYbHuNjImKoL';
export const STATISTICS = 'StatPzOxIcUvYbTnRmEqWaSd';
export const DOORBELL = 'Be11WsXeDcRfVtGbYhNuJmIk';
export const GARDEN = 'GardenNodeVg4Tr5Bh6Nj7Mk';

export const HOUSE_TOKEN = 'maker:4SimHouseGroundAq1Sw2De3Fr4Gt5Hy6Ju7Ki8L';
export const CABIN_TOKEN = 'maker:4SimCabinGroundZx9Cv8Bn7Mk6Jh5Gf4Ds3Aq2P';
export const NODE_TOKEN = 'maker:4SimHallwayNodePl0Ok9Ij8Uh7Yg6Tf5Rd4Es3W';

interface Cloud {
  readonly url: string;
}

export const TokenSet = z.looseObject({
  access_token: z.string(),
  refresh_token: z.string(),
  expires_in: z.number(),
});
export type TokenSet = z.infer<typeof TokenSet>;
export const Challenge = z.object({ MfaUid: z.string(), UserId: z.string() });
export type Challenge = z.infer<typeof Challenge>;

export function login(cloud: Cloud, fields: Readonly<Record<string, string>>): Promise<Response> {
  return fetch(`${cloud.url}/login`, { method: 'POST', body: new URLSearchParams(fields) });
}

export function signIn(cloud: Cloud, who: Readonly<Record<string, string>>): Promise<Response> {
  return login(cloud, { grant_type: 'password', client_id: 'web', ...who });
}

export async function challenge(cloud: Cloud): Promise<Challenge> {
  return Challenge.parse(await (await signIn(cloud, CASEY)).json());
}

/** What the authenticator app shows. */
export async function codeOf(cloud: Cloud, userName = 'casey'): Promise<string> {
  const answer = await sim(cloud, 'GET', `/users/${userName}/code`);
  return z.object({ code: z.string() }).parse(await answer.json()).code;
}

export async function verify(
  cloud: Cloud,
  changes: Readonly<Record<string, string>> = {},
): Promise<Response> {
  const code = await codeOf(cloud);
  return login(cloud, { ...(await challenge(cloud)), VerificationCode: code, ...changes });
}

export function refresh(cloud: Cloud, token: string): Promise<Response> {
  return login(cloud, { grant_type: 'refresh_token', client_id: 'web', refresh_token: token });
}

export async function tokensOf(answer: Response | Promise<Response>): Promise<TokenSet> {
  return TokenSet.parse(await (await answer).json());
}

export interface ApiAnswer {
  readonly status: number;
  /** The JSON, whose shape is what the test is about. */
  readonly json: unknown;
  readonly text: string;
  readonly headers: Headers;
}

export type CallApi = (method: string, path: string, body?: unknown) => Promise<ApiAnswer>;

/** A body that is text is sent as it is. */
export function apiOf(cloud: Cloud, token: string): CallApi {
  return async (method, path, body) => {
    const response = await fetch(`${cloud.url}${path}`, {
      method,
      headers: { authorization: `Bearer ${token}` },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, text, json: parsed(text), headers: response.headers };
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

export async function userApi(cloud: Cloud, who: typeof CASEY = CASEY): Promise<CallApi> {
  const answer = who === CASEY ? verify(cloud) : signIn(cloud, who);
  return apiOf(cloud, (await tokensOf(answer)).access_token);
}

export const groundApi = (cloud: Cloud): CallApi => apiOf(cloud, HOUSE_TOKEN);

export async function set(cloud: Cloud, settings: Partial<Settings>): Promise<void> {
  const answer = await sim(cloud, 'POST', '/settings', settings);
  if (answer.status !== 200) throw new Error(await answer.text());
}

const Named = z.array(z.looseObject({ id: z.string(), name: z.string() }));

/** The id of an asset, which only the cloud knows. */
export async function assetIdOf(api: CallApi, deviceId: string, name: string): Promise<string> {
  const assets = Named.parse((await api('GET', `/device/${deviceId}/assets`)).json);
  return assets.find((asset) => asset.name === name)?.id ?? 'none';
}

export const assetPath = (deviceId: string, name: string) =>
  `/device/${deviceId}/asset/${encodeURIComponent(name)}`;

const Told = z.object({ state: z.object({ at: z.string().nullable(), value: z.unknown() }).nullish() });

/** What `…/state` says of an asset. */
export async function stateOf(api: CallApi, deviceId: string, name: string) {
  return Told.parse((await api('GET', `${assetPath(deviceId, name)}/state`)).json).state;
}

const Points = z.object({ data: z.array(z.object({ at: z.string(), data: z.unknown() })) });

export function pointsOf({ json }: ApiAnswer) {
  return Points.parse(json).data;
}
