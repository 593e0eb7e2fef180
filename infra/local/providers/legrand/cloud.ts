import type { ProviderCloud } from '../provider-cloud.ts';
import { createClock } from '../simulation/clock.ts';
import { createFaults } from '../simulation/faults/faults.ts';
import { listen } from '../simulation/http-server.ts';
import { createJournal } from '../simulation/journal.ts';
import { runCloud } from '../simulation/run-cloud.ts';
import { createStateFile, readState } from '../simulation/state-file.ts';
import { API_PATH, guarded } from './api/gateway.ts';
import { plantRoutes } from './api/plants.ts';
import { subscriptionRoutes } from './api/subscriptions.ts';
import { thermostatRoutes } from './api/thermostats.ts';
import { controlRoutes } from './control/control-routes.ts';
import { faultKinds } from './faults/fault-kinds.ts';
import type { Faults } from './faults/faults.ts';
import { Operation } from './faults/operation.ts';
import { LONGEST_GAP_MS, STEP_MS } from './house/advance-thermostat.ts';
import { createHouse } from './house.ts';
import { authorizeRoutes } from './oauth/authorize.ts';
import { discoveryRoutes } from './oauth/discovery.ts';
import { tokenRoute } from './oauth/token.ts';
import { refusal } from './refusals.ts';
import { createState, marie } from './seed.ts';
import { CloudState } from './state.ts';
import { createCourier } from './webhooks/courier.ts';
import { createOutbox } from './webhooks/outbox.ts';
import type { SeenAttempt } from './webhooks/seen-attempt.ts';
import type { World } from './world.ts';

export interface LegrandCloudOptions {
  /** 0 (default): any free one. */
  readonly port?: number;
  /** Where the state is kept; without it everything is forgotten at the end. */
  readonly statePath?: string;
  /** Replaces the registered reply URLs, at most 10; without it those of the state stay. */
  readonly replyUrls?: readonly string[];
  /** The clock that the simulator's own clock follows, epoch milliseconds; default: the real one. */
  readonly now?: () => number;
}

export interface LegrandCloud extends ProviderCloud {
  readonly name: 'legrand';
  readonly loginUrl: string;
  readonly apiUrl: string;
  readonly credentials: {
    readonly clientId: string;
    readonly clientSecret: string;
    readonly subscriptionKey: string;
  };
  /** The switches; the same as `/_sim/faults`. */
  readonly faults: Faults;
  /**
   * Lives through the next seconds at once: the house warms and cools, retries are made, boosts end.
   * Resolves when every attempt made on the way has its outcome; 0 waits for those under way.
   */
  advance(seconds: number): Promise<void>;
}

/** An application may have this many (contract 1.1). */
export const MAX_REPLY_URLS = 10;

/**
 * Starts the simulated «Works with Legrand» cloud on 127.0.0.1.
 * @throws {TypeError} when `statePath` holds something else
 */
export async function createLegrandCloud(options: LegrandCloudOptions = {}): Promise<LegrandCloud> {
  const realNow = options.now ?? Date.now;
  const held =
    options.statePath === undefined
      ? undefined
      : readState(options.statePath, { schema: CloudState, cloud: 'Legrand' });
  const state = held ?? createState(realNow());
  const setReplyUrls = (urls: readonly string[]) => replaceReplyUrls(state, urls);
  if (options.replyUrls) setReplyUrls(options.replyUrls);
  const file = createStateFile(state, options.statePath);
  file.save();

  const { server, url } = await listen(options.port ?? 0);
  const world: World = {
    state,
    url,
    clock: createClock(state, realNow),
    faults: createFaults(state, faultKinds),
  };
  const journal = createJournal<SeenAttempt>();
  const outbox = createOutbox(world);
  const house = createHouse(world, outbox.announce);
  const courier = createCourier(world, journal, file.save);
  const api = [
    ...plantRoutes(world),
    ...thermostatRoutes(world, house),
    ...subscriptionRoutes(world, outbox),
  ];
  const running = runCloud(server, {
    clock: world.clock,
    file,
    journal,
    faults: world.faults,
    operation: Operation,
    refuse: refusal,
    movement: {
      compute: house.compute,
      nextChange: house.nextDue,
      nextAttempt: outbox.nextDue,
      deliverDue: courier.deliverDue,
      stepMs: STEP_MS,
      longestGapMs: LONGEST_GAP_MS,
    },
    routes: (timeline) => [
      ...controlRoutes({ world, journal, outbox, house, timeline, setReplyUrls }),
      ...authorizeRoutes(world),
      tokenRoute(world),
      ...api.map((route) => guarded(world, route)),
      ...discoveryRoutes(world),
    ],
  });

  const { clientId, clientSecret, subscriptionKey } = state.application;
  const apiUrl = `${url}${API_PATH}`;
  return {
    name: 'legrand',
    url,
    loginUrl: url,
    apiUrl,
    env: { LATCHKEY_LEGRAND_LOGIN_URL: url, LATCHKEY_LEGRAND_API_URL: apiUrl },
    credentials: { clientId, clientSecret, subscriptionKey },
    person: marie,
    faults: world.faults,
    setReplyUrls(urls) {
      setReplyUrls(urls);
      file.save();
    },
    advance: running.advance,
    close: running.close,
  };
}

function replaceReplyUrls(state: CloudState, urls: readonly string[]): void {
  if (urls.length > MAX_REPLY_URLS)
    throw new RangeError(`an application has at most ${MAX_REPLY_URLS} reply URLs`);
  state.application.replyUrls = [...urls];
}
