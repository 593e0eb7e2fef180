/** The simulated Legrand cloud's own switches, under `/_sim/`, as the demo and the tests use them. */
import * as z from 'zod';

const Home = z.looseObject({
  plants: z.array(
    z.looseObject({ modules: z.array(z.looseObject({ moduleId: z.string(), name: z.string() })) }),
  ),
  subscriptions: z.array(z.looseObject({ subscriptionId: z.string() })),
});

const Request = z.looseObject({ method: z.string(), path: z.string(), status: z.number() });

export interface LegrandControls {
  state(): Promise<z.infer<typeof Home>>;
  /** What can happen to a thermostat by hand: `{ moduleId, temperatureC?, setPointC?, mode?, … }`. */
  touch(patch: { moduleId: string } & Record<string, unknown>): Promise<void>;
  /** Rotation mode, lifetimes, quota. */
  set(settings: Record<string, unknown>): Promise<void>;
  fault(fault: Record<string, unknown>): Promise<void>;
  advance(seconds: number): Promise<void>;
  requests(): Promise<z.infer<typeof Request>[]>;
}

export function createLegrandControls(url: string): LegrandControls {
  const ask = async (method: string, path: string, body?: unknown): Promise<unknown> => {
    const answer = await fetch(`${url}/_sim${path}`, {
      method,
      headers: { 'content-type': 'application/json' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`the simulator answered ${answer.status} to ${path}: ${text}`);
    return text === '' ? undefined : JSON.parse(text);
  };
  const tell = async (path: string, body: unknown) => {
    await ask('POST', path, body);
  };
  return {
    state: async () => Home.parse(await ask('GET', '/state')),
    touch: (patch) => tell('/state', patch),
    set: (settings) => tell('/settings', settings),
    fault: (fault) => tell('/faults', fault),
    advance: (advanceSeconds) => tell('/clock', { advanceSeconds }),
    requests: async () => z.array(Request).parse(await ask('GET', '/requests')),
  };
}
