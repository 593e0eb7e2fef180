import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Answer } from './answer.ts';
import type { Disturbance } from './faults/disturbance.ts';
import type { Journal } from './journal.ts';
import { type Call, findRoute, type Route } from './router.ts';

/** More than anything a client of this cloud has to say. */
const MAX_BODY_BYTES = 1024 * 1024;

export interface Parts {
  readonly routes: readonly Route[];
  /** What is to happen to the connection of a call, by its operation. */
  readonly disturb: (operation: string) => Disturbance | undefined;
  /** How this cloud says that a path is none of its own, that it is out of order, or that it failed. */
  readonly refuse: (status: 404 | 500 | 503, message: string) => Answer;
  readonly journal: Pick<Journal<unknown>, 'noteRequest'>;
  readonly now: () => number;
  /** Called before every answer: what the answer says must be in the state file first. */
  readonly save: () => void;
  /** Called after every answer. */
  readonly afterwards: () => void;
}

/** Listens first and gets its routes afterwards, because they speak of the address. */
export async function listen(port: number): Promise<{ server: Server; url: string }> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

export function serve(server: Server, parts: Parts): void {
  server.on('request', (request, response) => {
    exchange(parts, request, response).catch((error: unknown) => {
      const message = error instanceof Error ? error.message : String(error);
      send(response, parts.refuse(500, `The simulator failed: ${message}`));
    });
  });
}

export async function closeServer(server: Server): Promise<void> {
  await new Promise<void>((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

async function exchange(parts: Parts, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://simulator');
  const method = request.method ?? 'GET';
  const match = findRoute(parts.routes, method, url.pathname);
  const operation = match?.route.operation;
  const body = await readBody(request);
  const disturbance = operation === undefined ? undefined : parts.disturb(operation);
  const call: Call = {
    method,
    path: url.pathname,
    query: url.searchParams,
    headers: request.headers as Record<string, string | undefined>,
    body,
    parameters: match?.parameters ?? {},
  };
  const answer = await answerTo(parts, match?.route, call, disturbance);
  parts.save();
  // Clients tell old from new by it, and the cloud's clock is not that of this machine.
  response.setHeader('date', new Date(parts.now()).toUTCString());
  if (!url.pathname.startsWith('/_sim'))
    parts.journal.noteRequest({
      at: new Date(parts.now()).toISOString(),
      method,
      path: url.pathname,
      ...(operation && { operation }),
      status: disturbance?.silent ? 'no answer' : answer.status,
      ...(answer.userId !== undefined && { userId: answer.userId }),
    });
  if (disturbance) disturbance.send(response, answer);
  else send(response, answer);
  // Not before the answer: the caller hears of its own change first.
  setImmediate(parts.afterwards);
}

async function answerTo(
  { refuse }: Parts,
  route: Route | undefined,
  call: Call,
  disturbance: Disturbance | undefined,
): Promise<Answer> {
  if (!route) return refuse(404, 'Resource not found');
  if (disturbance && !disturbance.applied) return refuse(503, 'Simulated');
  return route.handle(call);
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length <= MAX_BODY_BYTES) chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

export function send(response: ServerResponse, { status, headers, body }: Answer): void {
  response.writeHead(status, { ...headers, ...(body === undefined && { 'content-length': '0' }) });
  response.end(body);
}
