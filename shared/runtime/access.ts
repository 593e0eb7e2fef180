import { type Authenticate, createAuthentication, TRUST_MS } from '../actions/authenticate.ts';
import { createOperatorHash } from '../vault/operator-token.ts';
import { connectSecrets } from './clients.ts';
import { connectStore } from './dependencies.ts';
import { readEnv } from './env.ts';

let check: Authenticate | undefined;

/** Checks an `Authorization` header. @throws {LatchkeyError} access_unauthenticated */
export const authenticate: Authenticate = (authorization) => {
  check ??= connect();
  return check(authorization);
};

function connect(): Authenticate {
  const env = readEnv(['access', 'table']);
  return createAuthentication({
    operatorHash: createOperatorHash(connectSecrets(), env.access.WORKSPACE_TOKEN_SECRET_ID, {
      now: Date.now,
      trustMs: TRUST_MS,
    }),
    accessTokens: connectStore(env).accessTokens,
    now: Date.now,
  });
}
