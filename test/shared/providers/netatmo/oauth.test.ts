import { afterAll, beforeAll, expect, test } from 'vitest';
import { type NetatmoBench, openNetatmo } from './netatmo-bench.ts';

let bench: NetatmoBench;
beforeAll(async () => {
  bench = await openNetatmo();
});
afterAll(() => bench.close());

test('a token answer is read with its scopes, its life and whose it is', () => {
  expect(bench.provider.oauth.readTokenAnswer(bench.tokenAnswer)).toMatchObject({
    accessToken: expect.stringContaining('|'),
    refreshToken: bench.refreshToken,
    expiresInSeconds: 10_800,
    scopes: bench.account.scopes,
    subject: '65f0aa11bb22cc33dd44ee55',
  });
});
