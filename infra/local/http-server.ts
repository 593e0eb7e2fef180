import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import { LatchkeyError } from '../../shared/domain/error.ts';

export interface Listening {
  /** `http://127.0.0.1:port`, without a trailing slash. */
  readonly url: string;
  readonly port: number;
  /** Ends open connections at once: whoever still waits for an answer will not get one. */
  close(): Promise<void>;
}

/** Longer than any client keeps an idle connection, so that the client is always the one who closes it. */
const KEEP_ALIVE_MS = 120_000;

/**
 * Serves on loopback only.
 * @param port 0 takes a free one
 * @throws {LatchkeyError} config_invalid – when the port is taken or not allowed
 */
export async function listen(listener: RequestListener, port: number): Promise<Listening> {
  const server = createServer({ keepAliveTimeout: KEEP_ALIVE_MS }, listener);
  await opened(server, port);
  const address = server.address();
  if (address === null || typeof address === 'string') throw new TypeError('the server has no port');
  return {
    url: `http://127.0.0.1:${address.port}`,
    port: address.port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function opened(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => {
      const reason = cause.code === 'EADDRINUSE' ? 'is taken' : `cannot be used (${cause.code})`;
      reject(new LatchkeyError('config_invalid', `port ${port} ${reason}`, { cause }));
    });
    server.listen(port, '127.0.0.1', () => resolve());
  });
}

/** Told apart from other failures because the answer to it is a status of its own (413). */
export class BodyTooLarge extends Error {}

/** @throws {BodyTooLarge} as soon as more than `maxBytes` have come */
export async function readBody(request: IncomingMessage, maxBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request) {
    length += chunk.length;
    if (length > maxBytes) throw new BodyTooLarge(`a body of more than ${maxBytes} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
