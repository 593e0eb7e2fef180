import { readEvents } from '../shared/actions/read-events.ts';
import { connectStore } from '../shared/runtime/dependencies.ts';
import { readEnv } from '../shared/runtime/env.ts';
import { httpEntry } from '../shared/runtime/http-entry.ts';

const connect = async () => ({ feed: connectStore(readEnv(['table'])).feed, now: Date.now });

export const handler = httpEntry('read-events', connect, {
  readEvents: (deps, { query }) => readEvents(deps, query),
});
