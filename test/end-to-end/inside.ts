/** The local cloud's control routes under `/_local/`: schedules, streams and faults of AWS. */
import * as z from 'zod';
import type { Fault } from '../../infra/local/aws/faults.ts';
import { until } from './until.ts';

const Streams = z.object({
  streams: z.array(z.looseObject({ isCaughtUp: z.boolean(), failures: z.array(z.unknown()) })),
});
const Ran = z.object({ result: z.record(z.string(), z.number()) });

export interface Inside {
  /** Runs a schedule now, as EventBridge would; what its function counted. */
  runSchedule(name: string): Promise<Record<string, number>>;
  /** Resolves when everything written so far has been projected. */
  settle(): Promise<void>;
  /** Batches that the stream gave up. */
  streamFailures(): Promise<readonly unknown[]>;
  fault(fault: z.input<typeof Fault>): Promise<void>;
  clearFaults(): Promise<void>;
}

export function createInside(api: string): Inside {
  const ask = async (method: string, path: string, body?: unknown): Promise<unknown> => {
    const answer = await fetch(`${api}/_local/${path}`, {
      method,
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} /_local/${path} answered ${answer.status}: ${text}`);
    return JSON.parse(text);
  };
  const streams = async () => Streams.parse(await ask('GET', 'streams')).streams;

  return {
    runSchedule: async (name) => Ran.parse(await ask('POST', `schedules/${name}/run`)).result,
    settle: async () => {
      await until(streams, (states) => states.every(({ isCaughtUp }) => isCaughtUp));
    },
    streamFailures: async () => (await streams()).flatMap(({ failures }) => failures),
    fault: async (fault) => {
      await ask('POST', 'faults', fault);
    },
    clearFaults: async () => {
      await ask('DELETE', 'faults');
    },
  };
}
