import { digestAccounts, digestFeed } from '../shared/actions/read-digests.ts';
import { seeing } from '../shared/actions/sight.ts';
import { readCursor, writeCursor } from '../shared/api/cursor.ts';
import { presentDigests } from '../shared/api/present-digests.ts';
import { connectStore } from '../shared/runtime/dependencies.ts';
import { readEnv } from '../shared/runtime/env.ts';
import { httpEntry } from '../shared/runtime/http-entry.ts';

const connect = async () => connectStore(readEnv(['table']));

export const handler = httpEntry('read-digests', connect, {
  digestFeed: async ({ feed }, { query }) => ({ items: await digestFeed({ feed, now: Date.now }, query) }),
  digestAccounts: async (store, { query: { limit, after }, access }) => {
    const page = { limit, after: readCursor(after) };
    const { items, next } = await digestAccounts(seeing({ store }, access), page, presentDigests);
    return { items, next: writeCursor(next) };
  },
});
