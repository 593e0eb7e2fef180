/** The simulated Netatmo's own switches, under `/_sim/`, as the demo and the tests use them. */
import * as z from 'zod';
import { askSimulator } from '../simulator.ts';

const Hook = z.looseObject({ url: z.string(), accepted: z.int(), failureEpochMs: z.array(z.number()) });

const State = z.looseObject({
  homes: z.array(
    z.looseObject({
      homeId: z.string(),
      name: z.string().optional(),
      modules: z.array(z.looseObject({ moduleId: z.string() })),
    }),
  ),
});

const User = z.looseObject({
  userId: z.string(),
  email: z.string(),
  homeIds: z.array(z.string()),
});

const SentPush = z.looseObject({ hooks: z.int() });

export interface PushOrder {
  readonly userId: string;
  readonly kind?: string;
  readonly body?: unknown;
  readonly signature?: 'right' | 'wrong' | 'none';
}

export interface NetatmoControls {
  state(): Promise<z.infer<typeof State>>;
  user(email: string): Promise<z.infer<typeof User>>;
  hooks(): Promise<z.infer<typeof Hook>[]>;
  /** The kinds of push that there are. */
  pushKinds(): Promise<string[]>;
  /** Sends one to a user's hook: of a kind, about the user's first home, or any body. */
  push(order: PushOrder): Promise<z.infer<typeof SentPush>>;
  set(settings: Record<string, unknown>): Promise<void>;
  fault(fault: Record<string, unknown>): Promise<void>;
  advance(seconds: number): Promise<void>;
  /** How many requests it has answered of late. */
  countRequests(): Promise<number>;
}

export function createNetatmoControls(url: string): NetatmoControls {
  const ask = askSimulator(url);
  const tell = async (path: string, body: unknown) => {
    await ask('POST', path, body);
  };
  return {
    state: async () => State.parse(await ask('GET', '/state')),
    async user(email) {
      const users = z.array(User).parse(await ask('GET', '/users'));
      const user = users.find((each) => each.email === email);
      if (!user) throw new Error(`there is no user ${email}`);
      return user;
    },
    hooks: async () => z.array(Hook).parse(await ask('GET', '/webhooks')),
    pushKinds: async () =>
      Object.keys(z.record(z.string(), z.unknown()).parse(await ask('GET', '/push-kinds'))),
    push: async (order) => SentPush.parse(await ask('POST', '/push', order)),
    set: (settings) => tell('/settings', settings),
    fault: (fault) => tell('/faults', fault),
    advance: (advanceSeconds) => tell('/clock', { advanceSeconds }),
    countRequests: async () => z.array(z.unknown()).parse(await ask('GET', '/requests')).length,
  };
}
