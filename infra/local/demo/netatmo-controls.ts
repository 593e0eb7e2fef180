/** The simulated Netatmo's own switches, under `/_sim/`, as the demo and the tests use them. */
import * as z from 'zod';

const Hook = z.looseObject({ userId: z.string(), url: z.string(), accepted: z.int() });

const State = z.looseObject({
  homes: z.array(
    z.looseObject({
      homeId: z.string(),
      userIds: z.array(z.string()),
      modules: z.array(z.looseObject({ moduleId: z.string(), type: z.string() })),
      persons: z.array(z.looseObject({ personId: z.string(), pseudo: z.string().optional() })),
    }),
  ),
  hooks: z.array(Hook),
});

const User = z.looseObject({
  userId: z.string(),
  email: z.string(),
  homeIds: z.array(z.string()),
  callsOfLastHour: z.int(),
});

const Push = z.looseObject({ push_type: z.string() });

const SentPush = z.object({ body: z.string(), hooks: z.int() });

export interface NetatmoControls {
  state(): Promise<z.infer<typeof State>>;
  user(email: string): Promise<z.infer<typeof User>>;
  hooks(): Promise<z.infer<typeof Hook>[]>;
  /** What pushes there are, by kind. */
  pushKinds(): Promise<Record<string, z.infer<typeof Push>>>;
  /** Sends one to a user's hook, about the user's first home unless told otherwise. */
  push(order: { userId: string; kind: string; homeId?: string }): Promise<z.infer<typeof SentPush>>;
  /** As if so many calls had just been made; 0 gives the quota back. */
  setCalls(userId: string, calls: number): Promise<void>;
  set(settings: Record<string, unknown>): Promise<void>;
  fault(fault: Record<string, unknown>): Promise<void>;
}

export function createNetatmoControls(url: string): NetatmoControls {
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
    state: async () => State.parse(await ask('GET', '/state')),
    async user(email) {
      const users = z.array(User).parse(await ask('GET', '/users'));
      const user = users.find((each) => each.email === email);
      if (!user) throw new Error(`there is no user ${email}`);
      return user;
    },
    hooks: async () => z.array(Hook).parse(await ask('GET', '/webhooks')),
    pushKinds: async () => z.record(z.string(), Push).parse(await ask('GET', '/push-kinds')),
    push: async (order) => SentPush.parse(await ask('POST', '/push', order)),
    setCalls: (userId, calls) => tell(`/users/${userId}/quota`, { calls }),
    set: (settings) => tell('/settings', settings),
    fault: (fault) => tell('/faults', fault),
  };
}
