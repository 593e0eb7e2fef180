import * as http from 'node:http';
import * as https from 'node:https';

export interface DeliveryOutcome {
  readonly status?: number;
  /** Why there is no status. */
  readonly error?: string;
  readonly latencyMs: number;
}

export interface Delivery {
  readonly method: 'GET' | 'POST' | 'PUT';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Absent: none is sent. */
  readonly body?: string;
  /** An answer has to be there within this time, in real milliseconds; the simulated clock does not hurry a network. */
  readonly deadlineMs: number;
}

/** Calls an address once; never throws. */
export function deliver({ method, url, headers, body, deadlineMs }: Delivery): Promise<DeliveryOutcome> {
  const started = performance.now();
  const outcome = (rest: Omit<DeliveryOutcome, 'latencyMs'>): DeliveryOutcome => ({
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
        method,
        agent: false,
        headers: { ...headers, ...(body !== undefined && { 'content-length': Buffer.byteLength(body) }) },
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
