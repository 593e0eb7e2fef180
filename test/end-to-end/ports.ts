import { listen } from '../../infra/local/http-server.ts';

/** Below every system's range for outgoing connections: nobody takes such a port by chance while we restart. */
const [FIRST, LAST] = [15_000, 30_000];
const TRIES = 50;

/** A port for the API whose successor is free as well, for a Latchkey that has to come back at the same address. */
export async function freePorts(): Promise<number> {
  for (let tries = 0; tries < TRIES; tries++) {
    const port = FIRST + Math.floor((Math.random() * (LAST - FIRST)) / 2) * 2;
    if ((await isFree(port)) && (await isFree(port + 1))) return port;
  }
  throw new Error(`no two free ports between ${FIRST} and ${LAST}`);
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
