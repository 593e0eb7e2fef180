/** Lambda's runtime API, as much of it as a runtime needs: the next event, and a place for its answer. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { type Listening, listen, readBody } from '../../../infra/local/http-server.ts';

export interface Answered {
  readonly answer: unknown;
  /** When the answer came, on the clock of `performance.now()`. */
  readonly atMs: number;
  /** What the handler itself took, by the runtime's clock, milliseconds. */
  readonly handlerMs: number;
}

export interface RuntimeApi {
  /** Host and port, as `AWS_LAMBDA_RUNTIME_API` has them. */
  readonly address: string;
  /** Has the next runtime that asks answer an event. */
  invoke(event: object): Promise<Answered>;
  close(): Promise<void>;
}

interface Invocation {
  readonly event: object;
  settle(answered: Answered): void;
  fail(error: Error): void;
}

const MAX_ANSWER_BYTES = 6 * 1024 * 1024;

export async function startRuntimeApi(): Promise<RuntimeApi> {
  const waiting: Invocation[] = [];
  const idle: ServerResponse[] = [];
  const running = new Map<string, Invocation>();
  let count = 0;

  function match(): void {
    while (waiting.length > 0 && idle.length > 0) {
      const [invocation, runtime] = [waiting.shift(), idle.shift()];
      if (!invocation || !runtime) return;
      count += 1;
      const requestId = `request-${count}`;
      running.set(requestId, invocation);
      runtime.setHeader('lambda-runtime-aws-request-id', requestId);
      runtime.end(JSON.stringify(invocation.event));
    }
  }

  async function receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const [, requestId = '', outcome] =
      /invocation\/([^/]+)\/(response|error)$/.exec(request.url ?? '') ?? [];
    const atMs = performance.now();
    const text = (await readBody(request, MAX_ANSWER_BYTES)).toString('utf8');
    response.writeHead(202).end();
    const invocation = running.get(requestId);
    running.delete(requestId);
    const handlerMs = Number(request.headers['x-handler-ms']);
    if (outcome === 'response') invocation?.settle({ answer: JSON.parse(text), atMs, handlerMs });
    else invocation?.fail(new Error(`the handler threw: ${text}`));
  }

  const server: Listening = await listen((request, response) => {
    if (request.method === 'POST') {
      void receive(request, response);
      return;
    }
    idle.push(response);
    response.on('close', () => {
      if (idle.includes(response)) idle.splice(idle.indexOf(response), 1);
    });
    match();
  }, 0);

  return {
    address: server.url.replace('http://', ''),
    invoke: (event) =>
      new Promise((settle, fail) => {
        waiting.push({ event, settle, fail });
        match();
      }),
    close: server.close,
  };
}
