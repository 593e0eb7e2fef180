import { createToken, listTokens, revokeToken } from '../shared/actions/manage-tokens.ts';
import { readCursor, writeCursor } from '../shared/api/cursor.ts';
import { presentToken, toReach } from '../shared/api/present.ts';
import { connectStore } from '../shared/runtime/dependencies.ts';
import { readEnv } from '../shared/runtime/env.ts';
import { httpEntry } from '../shared/runtime/http-entry.ts';

const connect = async () => ({ store: connectStore(readEnv(['table'])), now: Date.now });

export const handler = httpEntry('manage-tokens', connect, {
  createToken: async (deps, { body, access }) => {
    const { scopes, label, expiresAt } = body;
    const wish = { reach: toReach(body), scopes, label, expiresAt };
    const { token, bearer } = await createToken(deps, access, wish);
    return { ...presentToken(token), token: bearer };
  },
  listTokens: async (deps, { query: { limit, after } }) => {
    const { items, next } = await listTokens(deps, { limit, after: readCursor(after) });
    return { items: items.map(presentToken), next: writeCursor(next) };
  },
  revokeToken: async (deps, { params }) => {
    await revokeToken(deps, params.tokenId);
    return { status: 204 };
  },
});
