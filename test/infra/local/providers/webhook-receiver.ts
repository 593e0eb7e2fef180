import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

export interface WebhookReceiver {
  readonly url: string;
  readonly bodies: string[];
  /** Of the requests, in their order. */
  readonly headers: IncomingHttpHeaders[];
  /** The status of the next answers; 0: none at all. */
  status: number;
}

/** An application's webhook address. */
export async function receiveWebhooks(): Promise<WebhookReceiver> {
  const receiver = { url: '', bodies: [] as string[], headers: [] as IncomingHttpHeaders[], status: 200 };
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => {
      body += chunk.toString();
    });
    request.on('end', () => {
      receiver.bodies.push(body);
      receiver.headers.push(request.headers);
      if (receiver.status !== 0) response.writeHead(receiver.status).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  receiver.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`;
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  return receiver;
}
