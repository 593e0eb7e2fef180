/** The process that finds what is due, alone with its memory; Node runs it with `--expose-gc`. */
import { setImmediate } from 'node:timers/promises';
import type { QueryCommandOutput } from '@aws-sdk/client-dynamodb';
import { createDynamodb } from '../../../shared/runtime/clients.ts';
import { readEnv } from '../../../shared/runtime/env.ts';
import { createStore } from '../../../shared/store/store.ts';
import { answerParent } from '../child.ts';

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
  /** Finds what is due; the heap is what is in use after `limit` accounts, with more to come if more are due. */
  async find({ now, limit }: { now: number; limit: number }) {
    readUnits = 0;
    const walk = pointers.due('legrand', now);
    let found = 0;
    while (found < limit && !(await walk.next()).done) found++;
    const measured = { readUnits, heapBytes: await heapBytes(), found };
    await walk.return(undefined);
    return measured;
  },
};
export type FinderQuestions = typeof questions;

answerParent(questions);
