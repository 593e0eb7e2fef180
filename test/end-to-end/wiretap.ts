/** A way to an API that counts what passes on it, and can be held up. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll } from 'vitest';

export interface Wiretap {
  /** Without a trailing slash. */
  readonly api: string;
  /** Paths asked for since the last time, without their queries, and the events among the answers. */
  taken(): { readonly paths: readonly string[]; readonly events: number };
  /** From now on nothing is answered, until the file ends. */
  hold(): void;
  /** Resolves with the next request. */
  asked(): Promise<void>;
}

export async function useWiretap(api: string): Promise<Wiretap> {
  let [paths, events, isHeld] = [[] as string[], 0, false];
  let tellAsked = () => {};
  const server = createServer(async (request, response) => {
    const { pathname, search } = new URL(request.url ?? '/', api);
    paths.push(pathname);
    tellAsked();
    if (isHeld) return undefined;
    const headers = { authorization: request.headers.authorization ?? '' };
    const answer = await fetch(api + pathname + search, { headers }).catch(() => undefined);
    if (!answer) return response.destroy();
    const text = await answer.text();
    events += (JSON.parse(text) as { events?: [] }).events?.length ?? 0;
    return response.writeHead(answer.status, { 'content-type': 'application/json' }).end(text);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });
  return {
    api: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    taken() {
      const found = { paths, events };
      [paths, events] = [[], 0];
      return found;
    },
    hold() {
      isHeld = true;
    },
    asked: () =>
      new Promise((resolve) => {
        tellAsked = resolve;
      }),
  };
}
