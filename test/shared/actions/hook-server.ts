/** Webhook addresses of ours on this machine: what comes is taken in and kept as it would be in the cloud. */
import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type IntakeDependencies, receiveWebhook } from '../../../shared/actions/receive-webhook.ts';
import { intakeOf } from '../../../shared/providers/intake-registry.ts';
import { keepDelivery } from '../../../shared/store/keep-delivery.ts';
import type { StoreBench } from './store-bench.ts';

export interface HookServer {
  readonly publicUrl: string;
  /** Of its addresses. */
  readonly hookKey: { readonly key: Buffer; readonly epoch: number };
  /** Answers given from now on instead of taking deliveries in; `undefined`: none. */
  failWith(status: number | undefined): void;
  /** The bodies that came since the last time. */
  arrived(): string[];
  close(): void;
}

export async function startHookServer(
  { client, tableName }: Pick<StoreBench, 'client' | 'tableName'>,
  { now, clientSecret }: { readonly now: () => number; readonly clientSecret?: string },
): Promise<HookServer> {
  const hookKey = { key: Buffer.alloc(32, 7), epoch: 1 };
  const bodies: string[] = [];
  let failure: number | undefined;
  const keepHere: IntakeDependencies['keep'] = (delivery, signal) =>
    keepDelivery(client, tableName, delivery, signal);
  const deps: IntakeDependencies = {
    keys: async () => ({ ...hookKey, clientSecretOf: () => clientSecret }),
    intakeOf,
    // As if the store were away: the process remembers it.
    keep: (...kept) => (failure === undefined ? keepHere(...kept) : Promise.reject(new Error('away'))),
    misses: new Map(),
    now,
  };
  const server = createServer(async (request, response) => {
    const body = await bytesOf(request);
    bodies.push(body.toString('utf8'));
    const [, , provider = '', hook = ''] = request.url?.split('/') ?? [];
    const incoming = { provider, hook, body, headers: lowerCased(request), arrivedAtMs: now() };
    const reply = await receiveWebhook(deps, incoming);
    response.writeHead(failure ?? reply.status).end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');

  return {
    publicUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    hookKey,
    failWith(status) {
      failure = status;
    },
    arrived: () => bodies.splice(0),
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}

function lowerCased({ headers }: IncomingMessage): Record<string, string | undefined> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, value?.toString()]));
}

async function bytesOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks);
}
