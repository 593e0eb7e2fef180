import * as z from 'zod';
import { flag, seconds } from '../form-values.ts';
import type { FaultKind } from './fault-kind.ts';

/**
 * What happens to the connection; `applied` tells whether the operation takes effect all the same.
 * @param incoming every call that can come in
 */
export function connectionKinds(incoming: readonly string[]) {
  return {
    connection_reset: {
      summary: 'the connection is cut without an answer',
      on: incoming,
      parameters: z.strictObject({ applied: flag.default(false) }),
    },
    hang: {
      summary: 'no answer until the client gives up',
      on: incoming,
      parameters: z.strictObject({ applied: flag.default(false) }),
    },
    half_body: {
      summary: 'the head and half of the body, then the connection is cut',
      on: incoming,
      parameters: z.strictObject({ applied: flag.default(true) }),
    },
    empty_body: {
      summary: 'the status as always, but no body',
      on: incoming,
      parameters: z.strictObject({ applied: flag.default(true) }),
    },
    slow_answer: {
      summary: 'the answer comes late, in real time',
      on: incoming,
      parameters: z.strictObject({ delaySeconds: seconds.default(5), applied: flag.default(true) }),
    },
  } satisfies Record<string, FaultKind>;
}

export type ConnectionKinds = ReturnType<typeof connectionKinds>;
export type ConnectionName = keyof ConnectionKinds;
