/**
 * `project-changes` as it is, but for two things: every few invocations its process ends, in the middle of one or with
 * all done and nothing answered; and a delivery that says `poison` makes the translation throw.
 */
import type { Context, DynamoDBStreamEvent } from 'aws-lambda';
import { connectProviders, connectStore } from '../../../shared/runtime/dependencies.ts';
import { readEnv } from '../../../shared/runtime/env.ts';
import { streamEntry } from '../../../shared/runtime/stream-entry.ts';

/** A process ends in one of its first so many invocations. */
const INVOCATIONS_AT_MOST = 8;
/** An invocation takes up to some hundred milliseconds. */
const KILLED_WITHIN_MS = 250;
let invocationsLeft = 1 + Math.floor(Math.random() * INVOCATIONS_AT_MOST);

const project = streamEntry(async () => {
  const env = readEnv(['table', 'app', 'providers', 'defaults', 'retention']);
  const { providerOf } = await connectProviders(env);
  return {
    store: connectStore(env),
    providerOf: (name) => ({
      translate(raw, timeZoneOf) {
        if (raw.includes('"data":"poison"')) throw new RangeError('poison');
        return providerOf(name).translate(raw, timeZoneOf);
      },
    }),
  };
});

export const handler = async (event: DynamoDBStreamEvent, context: Context) => {
  invocationsLeft -= 1;
  if (invocationsLeft > 0) return await project(event, context);
  setTimeout(() => process.exit(1), Math.random() * KILLED_WITHIN_MS);
  await project(event, context);
  return await new Promise<never>(() => undefined);
};
