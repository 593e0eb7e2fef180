/** The simulated Legrand cloud's own switches, under `/_sim/`, as the demo and the tests use them. */
import * as z from 'zod';
import { askSimulator } from '../simulator.ts';

const Thermostat = z.looseObject({
  moduleId: z.string(),
  name: z.string(),
  function: z.string(),
  mode: z.string(),
  /** The set point last chosen by hand, degrees Celsius. */
  manualC: z.number(),
  programNumber: z.int(),
  /** As clocks at the plant show it, `YYYY-MM-DDThh:mm:ss`. */
  activation: z.object({ startWall: z.string().optional(), endWall: z.string() }).optional(),
});
export type Thermostat = z.infer<typeof Thermostat>;

const Subscription = z.looseObject({
  subscriptionId: z.string(),
  plantId: z.string(),
  endPointUrl: z.string(),
});

const Home = z.looseObject({
  plants: z.array(z.looseObject({ plantId: z.string(), userId: z.string(), modules: z.array(Thermostat) })),
  subscriptions: z.array(Subscription),
  grants: z.array(z.looseObject({ grantId: z.string(), userId: z.string() })),
  refreshTokens: z.array(
    z.looseObject({ refreshTokenId: z.string(), grantId: z.string(), childId: z.string().optional() }),
  ),
  undelivered: z.array(z.looseObject({ attempts: z.int() })),
});

const Person = z.looseObject({
  userId: z.string(),
  email: z.string(),
  plantIds: z.array(z.string()),
  callsToday: z.int(),
});
export type Person = z.infer<typeof Person>;

const Request = z.looseObject({
  method: z.string(),
  path: z.string(),
  /** Such as `set_status`; absent for what is no call of the cloud. */
  operation: z.string().optional(),
  status: z.union([z.number(), z.literal('no answer')]),
  userId: z.string().optional(),
});

const Attempt = z.looseObject({
  subscriptionId: z.string(),
  attempt: z.int(),
  delivered: z.boolean(),
  status: z.int().optional(),
  latencyMs: z.number(),
});

/** What was counted for and against a webhook address. */
const EndPoint = z.looseObject({
  url: z.string(),
  accepted: z.int(),
  failures: z.int(),
  bans: z.int(),
  lost: z.int(),
  bannedUntilEpochMs: z.number().optional(),
});

const WatchedSubscription = Subscription.extend({ endPoint: EndPoint.optional() });

export interface PersonWish {
  readonly email: string;
  readonly name: string;
  readonly plants?: readonly { name?: string; timeZone?: string; modules?: readonly string[] }[];
}

export interface LegrandControls {
  state(): Promise<z.infer<typeof Home>>;
  people(): Promise<Person[]>;
  /** Another person who can sign in, with the password of all. */
  addPerson(wish: PersonWish): Promise<Person>;
  /** Withdraws every consent of a person. */
  revoke(userId: string): Promise<void>;
  /** Sets how many calls were counted for a person today. */
  setCalls(userId: string, calls: number): Promise<void>;
  /** What can happen to a thermostat by hand: `{ moduleId, temperatureC?, setPointC?, mode?, … }`. */
  touch(patch: { moduleId: string } & Record<string, unknown>): Promise<void>;
  /** Rotation mode, lifetimes, quota. */
  set(settings: Record<string, unknown>): Promise<void>;
  fault(fault: Record<string, unknown>): Promise<void>;
  clearFaults(): Promise<void>;
  advance(seconds: number): Promise<void>;
  /** The latest thousand. */
  requests(): Promise<z.infer<typeof Request>[]>;
  /** Webhook requests made, the latest thousand. */
  attempts(): Promise<z.infer<typeof Attempt>[]>;
  subscriptions(): Promise<z.infer<typeof WatchedSubscription>[]>;
  /** Every webhook address that was called so far. */
  endPoints(): Promise<z.infer<typeof EndPoint>[]>;
  /** A subscription of somebody else's application. */
  addForeign(plantId: string, url: string): Promise<void>;
  /** Removes a subscription, and tells nobody. */
  removeSubscription(subscriptionId: string): Promise<void>;
  /** A webhook with this body to a plant's subscriptions. */
  emit(plantId: string, body: unknown): Promise<void>;
}

export function createLegrandControls(url: string): LegrandControls {
  const ask = askSimulator(url);
  const tell = async (path: string, body: unknown) => {
    await ask('POST', path, body);
  };
  return {
    state: async () => Home.parse(await ask('GET', '/state')),
    people: async () => z.array(Person).parse(await ask('GET', '/users')),
    addPerson: async (wish) => Person.parse(await ask('POST', '/users', wish)),
    revoke: (userId) => tell(`/users/${userId}/revoke`, {}),
    setCalls: (userId, calls) => tell(`/users/${userId}/quota`, { calls }),
    touch: (patch) => tell('/state', patch),
    set: (settings) => tell('/settings', settings),
    fault: (fault) => tell('/faults', fault),
    clearFaults: () => tell('/faults/clear', {}),
    advance: (advanceSeconds) => tell('/clock', { advanceSeconds }),
    requests: async () => z.array(Request).parse(await ask('GET', '/requests')),
    attempts: async () => z.array(Attempt).parse(await ask('GET', '/attempts')),
    subscriptions: async () => z.array(WatchedSubscription).parse(await ask('GET', '/subscriptions')),
    endPoints: async () => z.array(EndPoint).parse(await ask('GET', '/end-points')),
    addForeign: (plantId, url) => tell('/subscriptions', { plantId, url }),
    removeSubscription: async (subscriptionId) => {
      await ask('DELETE', `/subscriptions/${subscriptionId}`);
    },
    emit: (plantId, body) => tell('/emit', { plantId, body }),
  };
}
