import * as http from 'node:http';
import * as https from 'node:https';

export interface PostOutcome {
  readonly status?: number;
  /** Why there is no status. */
  readonly error?: string;
  readonly latencyMs: number;
}

export interface PostOptions {
  /** An answer has to be there within this time, in real milliseconds; the simulated clock does not hurry a network. */
  readonly deadlineMs: number;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Sends one webhook; never throws. */
export function post(
  url: string,
  body: string,
  { deadlineMs, headers = {} }: PostOptions,
): Promise<PostOutcome> {
  const started = performance.now();
  const outcome = (rest: Omit<PostOutcome, 'latencyMs'>): PostOutcome => ({
    ...rest,
    latencyMs: Math.round(performance.now() - started),
  });
  return new Promise((resolve) => {
    const failed = (error: unknown) => {
      clearTimeout(timer);
      resolve(outcome({ error: error instanceof Error ? error.message : String(error) }));
    };
    let outgoing: http.ClientRequest | undefined;
    const timer = setTimeout(() => outgoing?.destroy(new Error(`no answer in ${deadlineMs} ms`)), deadlineMs);
    try {
      outgoing = (url.startsWith('https:') ? https : http).request(url, {
        method: 'POST',
        agent: false,
        headers: {
          'content-type': 'application/json',
          ...headers,
          'content-length': Buffer.byteLength(body),
        },
      });
      outgoing.on('error', failed);
      outgoing.on('response', (incoming) => {
        clearTimeout(timer);
        incoming.resume();
        resolve(outcome({ status: incoming.statusCode ?? 0 }));
      });
      outgoing.end(body);
    } catch (error) {
      failed(error);
    }
  });
}
