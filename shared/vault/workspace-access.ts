import { timingSafeEqual } from 'node:crypto';
import * as z from 'zod';
import { LatchkeyError } from '../domain/error.ts';
import { hashSecret } from '../domain/ids.ts';
import type { Secrets } from './secrets.ts';

/** How the first workspace token is kept; what a client presents is `lk_` and this. */
const WorkspaceToken = z.object({ token: z.string().min(32) });

export const TOKEN_PREFIX = 'lk_';

/** How long a warm function goes on trusting the token it read: what a changed secret takes to be known everywhere. */
const TRUST_MS = 5_000;

/** Who is calling. */
export interface Access {
  readonly tokenId: string;
  readonly kind: 'workspace';
}

export type Authenticate = (bearer: string | undefined) => Promise<Access>;

/** Checks bearer tokens against the workspace token that the deployment made. */
export function createAuthentication(secrets: Secrets, secretId: string, now: () => number): Authenticate {
  let known: { hash: string; readAtMs: number } | undefined;

  const currentHash = async (): Promise<string> => {
    if (known && now() - known.readAtMs < TRUST_MS) return known.hash;
    const text = await secrets.read(secretId);
    if (text === undefined) throw new LatchkeyError('config_invalid', `there is no secret ${secretId}`);
    const { token } = WorkspaceToken.parse(JSON.parse(text));
    known = { hash: hashSecret(TOKEN_PREFIX + token), readAtMs: now() };
    return known.hash;
  };

  return async (authorization) => {
    const bearer = /^Bearer (\S+)$/i.exec(authorization ?? '')?.[1];
    const given = Buffer.from(hashSecret(bearer ?? ''));
    if (bearer && timingSafeEqual(given, Buffer.from(await currentHash()))) {
      return { tokenId: 'workspace', kind: 'workspace' };
    }
    throw new LatchkeyError('access_unauthenticated', 'the access token is missing or not valid', {
      details: { remedy: 'Send `Authorization: Bearer lk_…` with a token of this workspace.' },
    });
  };
}
