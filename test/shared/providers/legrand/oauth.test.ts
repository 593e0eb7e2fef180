import { describe, expect, it } from 'vitest';
import { legrandOauth } from '../../../../shared/providers/legrand/oauth.ts';

const oauth = legrandOauth('https://login.example.net', { clientId: 'client-1', clientSecret: 's+~."' });

const jwt = (claims: object) => `e30.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.c2ln`;

describe("Legrand's OAuth", () => {
  it('puts the client id first in the path of the discovery document', () => {
    expect(oauth).toMatchObject({
      authorizationUrl: 'https://login.example.net/authorize',
      tokenUrl: 'https://login.example.net/token',
      discoveryUrl: 'https://login.example.net/client-1/.well-known/openid-configuration',
      scopes: ['comfort.read', 'comfort.write'],
      refreshLifeSeconds: 90 * 86_400,
    });
  });

  it('reads a whole token answer', () => {
    const idToken = jwt({ oid: 'user-1', sub: 'other' });
    expect(
      oauth.readTokenAnswer({
        access_token: jwt({ sub: 'u1' }),
        id_token: idToken,
        token_type: 'Bearer',
        expires_in: 3600,
        expires_on: 1767229200,
        scope: 'comfort.read comfort.write',
        refresh_token: 'a..b.c.d',
        refresh_token_expires_in: 7776000,
        profile_info: 'e30',
      }),
    ).toEqual({
      accessToken: jwt({ sub: 'u1' }),
      refreshToken: 'a..b.c.d',
      expiresInSeconds: 3600,
      expiresOn: 1767229200,
      refreshExpiresInSeconds: 7776000,
      scopes: ['comfort.read', 'comfort.write'],
      idToken,
      subject: 'user-1',
    });
  });

  it.each([
    ['both times as text', { expires_in: '60', expires_on: '99' }, { expiresInSeconds: 60, expiresOn: 99 }],
    ['no expires_in', { expires_on: 99 }, { expiresOn: 99 }],
    ['no expires_on', { expires_in: 60 }, { expiresInSeconds: 60 }],
    ['neither', {}, { expiresInSeconds: 3600 }],
    ['junk for both', { expires_in: 'soon', expires_on: null }, { expiresInSeconds: 3600 }],
  ])('reads its times: %s', (_, times, expected) => {
    expect(oauth.readTokenAnswer({ access_token: 'opaque', ...times })).toEqual({
      accessToken: 'opaque',
      ...expected,
    });
  });

  it.each([
    ['oid of the id token', jwt({ oid: 'a', sub: 'b' }), jwt({ oid: 'c' }), 'a'],
    ['oid of the access token before a sub', jwt({ sub: 'b' }), jwt({ oid: 'c' }), 'c'],
    ['sub of the id token', jwt({ sub: 'b' }), jwt({ sub: 'd' }), 'b'],
    ['sub of the access token', undefined, jwt({ sub: 'd' }), 'd'],
    ['nothing in opaque tokens', 'x', 'a..b.c.d', undefined],
    ['nothing in claims of another type', jwt({ sub: 7 }), 'x.bnVsbA.y', undefined],
  ])('tells the subject from the %s', (_, id_token, access_token, subject) => {
    expect(oauth.readTokenAnswer({ id_token, access_token }).subject).toBe(subject);
  });

  it.each([
    { error: 'none' },
    {},
    null,
    'text',
    { access_token: '' },
    { access_token: 7, refresh_token: 'very-secret' },
  ])('finds no access token in %j, and repeats nothing of it', (body) => {
    expect(() => oauth.readTokenAnswer(body)).toThrowError(
      expect.objectContaining({
        code: 'provider_unexpected',
        message: "Legrand's token answer has no access token",
      }),
    );
  });
});
