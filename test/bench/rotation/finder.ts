/** The process that finds what is due, alone with its memory; Node runs it with `--expose-gc`. */
import { setImmediate } from 'node:timers/promises';
import type { QueryCommandOutput } from '@aws-sdk/client-dynamodb';
import { createDynamodb } from '../../../shared/runtime/clients.ts';
import { readEnv } from '../../../shared/runtime/env.ts';
import { createStore } from '../../../shared/store/store.ts';
import { answerParent } from './child.ts';

const client = createDynamodb();
let readUnits = 0;
client.middlewareStack.add(
  (next) => async (call) => {
    const answer = await next({ ...call, input: { ...call.input, ReturnConsumedCapacity: 'TOTAL' } });
    readUnits += (answer.output as QueryCommandOutput).ConsumedCapacity?.CapacityUnits ?? 0;
    return answer;
  },
  { step: 'initialize' },
);
const { pointers } = createStore(client, readEnv(['table']).table.TABLE_NAME);

async function heapBytes(): Promise<number> {
  // What one collection frees may be what held on to something else.
  for (let times = 0; times < 3; times++) {
    globalThis.gc?.();
    await setImmediate();
  }
  return process.memoryUsage().heapUsed;
}

const questions = {
  /** Finds what is due; the heap is what is in use while what was found is held. */
  async find({ now, limit }: { now: number; limit: number }) {
    readUnits = 0;
    const found = await pointers.due(now, limit);
    return { readUnits, heapBytes: await heapBytes(), found: found.length };
  },
};
export type FinderQuestions = typeof questions;

answerParent(questions);
