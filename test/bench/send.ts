import * as http from 'node:http';
import * as https from 'node:https';

export interface Sent {
  /** Default POST. */
  readonly method?: 'GET' | 'POST';
  readonly body: Buffer;
  readonly headers: Readonly<Record<string, string | string[]>>;
}

export interface Answered {
  readonly status: number;
  /** From the first byte sent to the last received, milliseconds. */
  readonly tookMs: number;
}

const agents = {
  'http:': new http.Agent({ keepAlive: true }),
  'https:': new https.Agent({ keepAlive: true }),
};

/** Sends a body as it is, with headers that `fetch` would not send, on a connection that is kept. */
export function send(url: string, { method = 'POST', body, headers }: Sent): Promise<Answered> {
  const isSecure = url.startsWith('https:');
  const begunAtMs = performance.now();
  return new Promise((resolve, reject) => {
    const sent = (isSecure ? https : http).request(url, {
      method,
      agent: agents[isSecure ? 'https:' : 'http:'],
      headers: { ...headers, 'content-length': body.length },
    });
    sent.on('response', (response) => {
      response.resume();
      response.on('error', reject);
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, tookMs: performance.now() - begunAtMs }),
      );
    });
    sent.on('error', reject);
    sent.end(body);
  });
}
