import { AccessToken } from '../domain/access-token.ts';
import type { UtcTime } from '../domain/time.ts';
import { expression } from './expression.ts';
import type { Page, PageWish, Table } from './item.ts';
import { accessPartition, keys } from './keys.ts';

export interface AccessTokenStore {
  create(token: AccessToken): Promise<void>;
  get(tokenId: string): Promise<AccessToken | undefined>;
  list(page: PageWish): Promise<Page<AccessToken>>;
  /** Notes the use, if nobody has since `before`. */
  markUsed(tokenId: string, at: UtcTime, before: UtcTime): Promise<void>;
  revoke(tokenId: string): Promise<'deleted' | 'refused'>;
}

/** An expired token can be seen for so long before it is removed. */
const KEPT_SECONDS = 30 * 86_400;

export function createAccessTokenStore(table: Table): AccessTokenStore {
  return {
    async create(token) {
      const { tokenId, expiresAt } = token;
      const expiry = expiresAt && {
        expiresAtEpoch: Math.ceil(Date.parse(expiresAt) / 1000) + KEPT_SECONDS,
      };
      await table.put(
        keys.accessToken(tokenId),
        { ...token, ...expiry },
        expression`attribute_not_exists(#pk)`,
      );
    },

    get: (tokenId) => table.get(keys.accessToken(tokenId), AccessToken),

    list: (page) => table.query({ ...page, where: expression`#pk = ${accessPartition}` }, AccessToken),

    async markUsed(tokenId, at, before) {
      await table.update(
        keys.accessToken(tokenId),
        expression`SET #lastUsedAt = ${at}`,
        AccessToken,
        // One that was revoked meanwhile must not come back as an item without a secret.
        expression`attribute_exists(#pk) AND (attribute_not_exists(#lastUsedAt) OR #lastUsedAt < ${before})`,
      );
    },

    revoke: (tokenId) => table.delete(keys.accessToken(tokenId), expression`attribute_exists(#pk)`),
  };
}
