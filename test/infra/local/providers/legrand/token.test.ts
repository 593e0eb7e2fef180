import { createPublicKey, type JsonWebKey, verify } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { LegrandCloud } from '../../../../../infra/local/providers/legrand/cloud.ts';
import { locationOf } from '../page-form.ts';
import {
  apiOf,
  authorizeUrl,
  exchangeCode,
  link,
  obtainCode,
  refresh,
  requestToken,
  submitSignIn,
} from './legrand-client.ts';
import { START, startCloud } from './start-cloud.ts';

async function discover(cloud: LegrandCloud) {
  const address = `${cloud.loginUrl}/${cloud.credentials.clientId}/.well-known/openid-configuration`;
  return (await fetch(address)).json() as Promise<Record<string, string>>;
}

const claimsOf = (jwt: string) =>
  JSON.parse(Buffer.from(jwt.split('.')[1] ?? '', 'base64url').toString()) as Record<string, unknown>;

describe('token', () => {
  it('answers a code with every field of the contract', async () => {
    const cloud = await startCloud();
    const tokens = await link(cloud);
    expect(tokens).toMatchObject({
      token_type: 'Bearer',
      expires_in: 3600,
      expires_on: START / 1000 + 3600,
      not_before: START / 1000,
      id_token_expires_in: 3600,
      refresh_token_expires_in: 7_776_000,
      scope: 'comfort.read comfort.write',
    });
    expect(tokens.refresh_token).toMatch(/^[\w-]+\.\.[\w-]+\.[\w-]+\.[\w-]+$/);
  });

  it('signs an id token that its published key verifies', async () => {
    const cloud = await startCloud();
    const { issuer, jwks_uri: jwksUri } = await discover(cloud);
    const { keys } = (await (await fetch(jwksUri ?? '')).json()) as {
      keys: (JsonWebKey & { kid: string })[];
    };
    const url = authorizeUrl(cloud, { nonce: 'n-1' });
    const code = locationOf(await submitSignIn(url)).searchParams.get('code') ?? '';
    const { id_token: idToken } = (await (await exchangeCode(cloud, code)).json()) as { id_token: string };
    const [header = '', payload, signature = ''] = idToken.split('.');
    const { kid, alg } = JSON.parse(Buffer.from(header, 'base64url').toString()) as Record<string, string>;
    const jwk = keys.find((key) => key.kid === kid);
    expect(alg).toBe('RS256');
    expect(
      verify(
        'RSA-SHA256',
        Buffer.from(`${header}.${payload}`),
        createPublicKey({ key: jwk as JsonWebKey, format: 'jwk' }),
        Buffer.from(signature, 'base64url'),
      ),
    ).toBe(true);
    expect(claimsOf(idToken)).toMatchObject({
      iss: issuer,
      aud: cloud.credentials.clientId,
      sub: '90817263-5544-4332-9110-aabbccddeeff',
      oid: '90817263-5544-4332-9110-aabbccddeeff',
      nonce: 'n-1',
      iat: START / 1000,
      exp: START / 1000 + 3600,
    });
  });

  it('takes a code once, and only within ten minutes', async () => {
    const cloud = await startCloud();
    const code = await obtainCode(cloud);
    const late = await obtainCode(cloud);
    expect((await exchangeCode(cloud, code)).status).toBe(200);
    const again = await exchangeCode(cloud, code);
    expect(again.status).toBe(400);
    expect(await again.json()).toMatchObject({ error: 'invalid_grant' });
    await cloud.advance(600);
    const expired = (await (await exchangeCode(cloud, late)).json()) as Record<string, string>;
    expect(expired.error_description).toMatch(/^AADB2C90080: .*\r\nCorrelation ID: .*\r\nTimestamp: .*\r\n$/);
  });

  it('takes a code only with the reply URL it was issued for, where one is sent', async () => {
    const cloud = await startCloud();
    const answer = await requestToken(cloud, {
      grant_type: 'authorization_code',
      code: await obtainCode(cloud),
      redirect_uri: 'https://elsewhere.example.net/',
    });
    expect(await answer.json()).toMatchObject({ error: 'invalid_grant' });
  });

  it.each([
    [{ client_id: '' }, 400, 'invalid_request'],
    [{ client_id: '00000000-0000-4000-8000-000000000000' }, 401, 'invalid_client'],
    [{ client_secret: '' }, 400, 'invalid_request'],
    [{ client_secret: 'sim Secret' }, 401, 'invalid_client'],
    [{ grant_type: '' }, 400, 'invalid_request'],
    [{ grant_type: 'password' }, 400, 'unsupported_response_type'],
    [{ grant_type: 'authorization_code' }, 400, 'invalid_request'],
    [{ grant_type: 'authorization_code', code: 'a..b.c.d' }, 400, 'invalid_grant'],
    [{ grant_type: 'refresh_token' }, 400, 'invalid_request'],
    [{ grant_type: 'refresh_token', refresh_token: 'guess' }, 400, 'invalid_grant'],
  ])('refuses %o', async (fields: Record<string, string>, status, error) => {
    const cloud = await startCloud();
    const answer = await requestToken(cloud, fields);
    expect(answer.status).toBe(status);
    expect(await answer.json()).toMatchObject({ error });
  });

  it('refuses JSON and a secret whose plus sign was not encoded', async () => {
    const cloud = await startCloud();
    const { clientId, clientSecret } = cloud.credentials;
    const post = (type: string, body: string) =>
      fetch(`${cloud.loginUrl}/token`, { method: 'POST', headers: { 'content-type': type }, body });
    const asJson = await post('application/json', JSON.stringify({ client_id: clientId }));
    expect(await asJson.json()).toMatchObject({ error: 'invalid_request' });
    const bare = `client_id=${clientId}&client_secret=${clientSecret}&grant_type=refresh_token&refresh_token=x`;
    expect((await post('application/x-www-form-urlencoded', bare)).status).toBe(401);
  });

  it('lets a refresh token die when it is not used in its life', async () => {
    const cloud = await startCloud();
    const tokens = await link(cloud);
    await cloud.advance(7_776_000);
    const answer = (await (await refresh(cloud, tokens.refresh_token)).json()) as Record<string, string>;
    expect(answer.error_description).toContain('AADB2C90080');
  });

  it('does not take an id token for an access token', async () => {
    const cloud = await startCloud();
    const tokens = await link(cloud);
    expect((await apiOf(cloud, tokens.id_token)('GET', '/plants')).status).toBe(401);
    expect((await apiOf(cloud, tokens.access_token)('GET', '/plants')).status).toBe(200);
  });

  it('publishes nothing for another client id', async () => {
    const cloud = await startCloud();
    const answer = await fetch(`${cloud.loginUrl}/someone/.well-known/openid-configuration`);
    expect(answer.status).toBe(401);
  });
});
