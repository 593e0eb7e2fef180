import type { ServerResponse } from 'node:http';
import type { Answer } from '../answer.ts';
import type { ConnectionKinds, ConnectionName } from './connection-kinds.ts';
import type { ParametersIn } from './fault-kind.ts';

/** Something that happens to the connection while an answer is on its way. */
export interface Disturbance {
  /** Whether the operation takes effect all the same. */
  readonly applied: boolean;
  /** Whether the client gets no answer at all. */
  readonly silent: boolean;
  send(response: ServerResponse, answer: Answer): void;
}

type DisturbanceTable = {
  [N in ConnectionName]: (parameters: ParametersIn<ConnectionKinds, N>) => Disturbance;
};

const disturbances: DisturbanceTable = {
  connection_reset: ({ applied }) => ({
    applied,
    silent: true,
    send: (response) => response.socket?.resetAndDestroy(),
  }),
  // Until the client gives up, or the simulator is closed.
  hang: ({ applied }) => ({ applied, silent: true, send: () => undefined }),
  half_body: ({ applied }) => ({ applied, silent: false, send: sendHalf }),
  empty_body: ({ applied }) => ({
    applied,
    silent: false,
    send: (response, { status }) => response.writeHead(status, { 'content-length': '0' }).end(),
  }),
  slow_answer: ({ applied, delaySeconds }) => ({
    applied,
    silent: false,
    send(response, { status, headers, body }) {
      const timer = setTimeout(() => response.writeHead(status, headers).end(body), delaySeconds * 1000);
      response.on('close', () => clearTimeout(timer));
    },
  }),
};

function sendHalf(response: ServerResponse, { status, headers, body = '{"half":' }: Answer): void {
  const bytes = Buffer.from(body);
  response.writeHead(status, { ...headers, 'content-length': String(bytes.length) });
  const half = bytes.subarray(0, Math.floor(bytes.length / 2));
  response.write(half, () => response.socket?.destroy());
}

/** Of a cloud's switches, those of the connection. */
export interface ConnectionFaults<O extends string> {
  take<N extends ConnectionName>(name: N, operation: O): ParametersIn<ConnectionKinds, N> | undefined;
}

/** The disturbance that is switched on for an operation. */
export function takeDisturbance<O extends string>(
  faults: ConnectionFaults<O>,
  operation: O,
): Disturbance | undefined {
  for (const name of Object.keys(disturbances) as ConnectionName[]) {
    const disturbance = struck(faults, name, operation);
    if (disturbance) return disturbance;
  }
  return undefined;
}

function struck<N extends ConnectionName, O extends string>(
  faults: ConnectionFaults<O>,
  name: N,
  operation: O,
): Disturbance | undefined {
  const parameters = faults.take(name, operation);
  return parameters && disturbances[name](parameters);
}
