import { readEvents } from '../shared/actions/read-events.ts';
import { seeing } from '../shared/actions/sight.ts';
import { connectStore } from '../shared/runtime/dependencies.ts';
import { readEnv } from '../shared/runtime/env.ts';
import { httpEntry } from '../shared/runtime/http-entry.ts';

const connect = async () => connectStore(readEnv(['table']));

export const handler = httpEntry('read-events', connect, {
  readEvents: (store, { query, access }) =>
    readEvents({ ...seeing({ store, feed: store.feed }, access), now: Date.now }, query),
});
