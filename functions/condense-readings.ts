import { connectStore, retentionOf } from '../shared/runtime/dependencies.ts';
import { readEnv } from '../shared/runtime/env.ts';
import { readingEntry } from '../shared/runtime/reading-entry.ts';

export const handler = readingEntry(async () => {
  const env = readEnv(['table', 'retention']);
  return { store: connectStore(env), retention: retentionOf(env), now: Date.now };
});
