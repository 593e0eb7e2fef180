import * as z from 'zod';
import { TOKEN_PREFIX } from '../domain/access-token.ts';
import { LatchkeyError } from '../domain/error.ts';
import { hashSecret } from '../domain/ids.ts';
import type { Secrets } from './secrets.ts';

/** How the first token of the workspace is kept; what a client presents is `lk_` and this. */
const OperatorToken = z.object({ token: z.string().min(32) });

/**
 * The hash of the token that the deployment made, read anew after `trustMs`: what a changed secret takes to be known.
 * @throws {LatchkeyError} config_invalid – there is no such secret
 */
export function createOperatorHash(
  secrets: Secrets,
  secretId: string,
  { now, trustMs }: { now: () => number; trustMs: number },
): () => Promise<string> {
  let known: { hash: string; readAtMs: number } | undefined;
  return async () => {
    if (known && now() - known.readAtMs < trustMs) return known.hash;
    const text = await secrets.read(secretId);
    if (text === undefined) throw new LatchkeyError('config_invalid', `there is no secret ${secretId}`);
    const { token } = OperatorToken.parse(JSON.parse(text));
    known = { hash: hashSecret(TOKEN_PREFIX + token), readAtMs: now() };
    return known.hash;
  };
}
