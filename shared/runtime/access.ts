import { type Authenticate, createAuthentication } from '../vault/workspace-access.ts';
import { connectSecrets } from './clients.ts';
import { readEnv } from './env.ts';

let check: Authenticate | undefined;

/** Checks an `Authorization` header. @throws {LatchkeyError} access_unauthenticated */
export const authenticate: Authenticate = (authorization) => {
  check ??= createAuthentication(
    connectSecrets(),
    readEnv(['access']).access.WORKSPACE_TOKEN_SECRET_ID,
    Date.now,
  );
  return check(authorization);
};
