/**
 * The one way Latchkey talks to a cloud, and the seam at which the network's errors become ours.
 * Built on `node:http(s)` rather than `fetch`, because rotation has to know whether a request that failed can have
 * reached the server, and because connecting needs a deadline of its own; `fetch` offers neither.
 */
import * as http from 'node:http';
import * as https from 'node:https';
import { LatchkeyError } from '../domain/error.ts';

export interface ProviderRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Total time, milliseconds; default 8,000. */
  readonly timeoutMs?: number;
  /** Called by a session each time that it has a token and is about to send; a failure keeps the request from leaving. */
  readonly beforeSend?: () => void | Promise<void>;
}

export interface ProviderAnswer {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export type Send = (request: ProviderRequest) => Promise<ProviderAnswer>;

/** Connecting takes milliseconds where it works at all; two seconds still allow for one lost SYN. */
const CONNECT_TIMEOUT_MS = 2_000;
const TOTAL_TIMEOUT_MS = 8_000;
/** No answer of these clouds is anywhere near; it bounds what a broken one can make us hold. */
const MAX_ANSWER_BYTES = 8 * 1024 * 1024;

/**
 * A connection a request, but TLS sessions are taken up again: a full handshake for every exchange would be what
 * rotating costs most.
 */
const agents = {
  'http:': new http.Agent({ keepAlive: false }),
  'https:': new https.Agent({ keepAlive: false }),
} as const;

/**
 * Sends once, on a connection of its own (a kept-alive one may be closing, and then nobody knows whether the
 * request arrived), and returns whatever status comes back; redirects are not followed.
 * @throws {LatchkeyError} provider_unavailable – no whole answer; `details.sent` tells whether the request may have
 * reached the server
 */
export const sendOnce: Send = (request) =>
  new Promise((resolve, reject) => {
    const url = new URL(request.url);
    const isSecure = url.protocol === 'https:';
    const { request: open } = isSecure ? https : http;
    let connected = false;
    const outgoing = open(url, {
      method: request.method,
      agent: agents[isSecure ? 'https:' : 'http:'],
      headers: {
        ...request.headers,
        ...(request.body !== undefined && { 'content-length': String(Buffer.byteLength(request.body)) }),
      },
    });

    const connectTimer = setTimeout(
      () => outgoing.destroy(new Error('connecting took too long')),
      CONNECT_TIMEOUT_MS,
    );
    const totalTimer = setTimeout(
      () => outgoing.destroy(new Error('no answer in time')),
      request.timeoutMs ?? TOTAL_TIMEOUT_MS,
    );
    const settle = () => {
      clearTimeout(connectTimer);
      clearTimeout(totalTimer);
    };
    const fail = (cause: Error) => {
      settle();
      reject(unavailable(url, cause, connected));
    };

    outgoing.on('socket', (socket) => {
      socket.on(isSecure ? 'secureConnect' : 'connect', () => {
        connected = true;
        clearTimeout(connectTimer);
      });
    });
    outgoing.on('error', fail);
    outgoing.on('response', (incoming) => {
      const chunks: Buffer[] = [];
      let length = 0;
      incoming.on('data', (chunk: Buffer) => {
        length += chunk.length;
        if (length > MAX_ANSWER_BYTES) outgoing.destroy(new Error('the answer is too large'));
        else chunks.push(chunk);
      });
      incoming.on('error', fail);
      incoming.on('end', () => {
        settle();
        resolve({
          status: incoming.statusCode ?? 0,
          headers: singleValued(incoming.headers),
          body: Buffer.concat(chunks).toString('utf8'),
        });
      });
    });
    outgoing.end(request.body);
  });

/** Host only: a path may hold ids and a query may hold a code. */
function unavailable(url: URL, cause: Error, sent: boolean): LatchkeyError {
  const reason = 'code' in cause && typeof cause.code === 'string' ? cause.code : cause.message;
  return new LatchkeyError('provider_unavailable', `${url.host} gave no answer (${reason})`, {
    cause,
    details: { sent },
  });
}

function singleValued(headers: http.IncomingHttpHeaders): Record<string, string> {
  const single: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) single[name] = Array.isArray(value) ? value.join(', ') : value;
  }
  return single;
}
