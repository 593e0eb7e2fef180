import { connectProviders, connectStore } from '../shared/runtime/dependencies.ts';
import { readEnv } from '../shared/runtime/env.ts';
import { streamEntry } from '../shared/runtime/stream-entry.ts';

export const handler = streamEntry(async () => {
  const env = readEnv(['table', 'app', 'providers', 'defaults', 'retention']);
  const { providerOf } = await connectProviders(env);
  return { store: connectStore(env), providerOf };
});
