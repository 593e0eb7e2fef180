import { listen } from '../../infra/local/http-server.ts';
import { ProviderName } from '../../shared/domain/provider-name.ts';

/** Below every system's range for outgoing connections: nobody takes such a port by chance while we restart. */
const [FIRST, LAST] = [15_000, 30_000];
const TRIES = 50;

/** The API's, and one for each simulated cloud after it. */
const COUNT = 1 + ProviderName.options.length;

/** A port for the API whose successors are free as well, for a Latchkey that has to come back at the same address. */
export async function freePorts(): Promise<number> {
  for (let tries = 0; tries < TRIES; tries++) {
    const first = FIRST + Math.floor((Math.random() * (LAST - FIRST)) / COUNT) * COUNT;
    const ports = Array.from({ length: COUNT }, (_, index) => first + index);
    if ((await Promise.all(ports.map(isFree))).every((free) => free)) return first;
  }
  throw new Error(`no ${COUNT} free ports in a row between ${FIRST} and ${LAST}`);
}

async function isFree(port: number): Promise<boolean> {
  try {
    const probe = await listen((_, response) => response.destroy(), port);
    await probe.close();
    return true;
  } catch {
    return false;
  }
}
