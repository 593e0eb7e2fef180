import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A webhook address on this machine that keeps every body it gets. */
export interface WebhookReceiver {
  readonly url: string;
  /** The first body, received already or soon, that is accepted by `isWanted`. */
  next(isWanted: (body: string) => boolean): Promise<string>;
  /** Forgets what was received so far. */
  forget(): void;
  close(): Promise<void>;
}

const PATIENCE_MS = 5_000;

/** @param path – of the address, with a leading slash */
export async function createWebhookReceiver(path: string): Promise<WebhookReceiver> {
  const bodies: string[] = [];
  const watchers = new Set<() => void>();
  const server = createServer(async (request, response) => {
    bodies.push(await textOf(request));
    response.writeHead(200).end();
    for (const watch of watchers) watch();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`,
    next: (isWanted) =>
      new Promise((resolve, reject) => {
        const timer = setTimeout(() => {
          watchers.delete(watch);
          reject(new Error(`none of ${bodies.length} webhooks is the one awaited`));
        }, PATIENCE_MS);
        const watch = () => {
          const found = bodies.find(isWanted);
          if (found === undefined) return;
          clearTimeout(timer);
          watchers.delete(watch);
          resolve(found);
        };
        watchers.add(watch);
        watch();
      }),
    forget() {
      bodies.length = 0;
    },
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}
