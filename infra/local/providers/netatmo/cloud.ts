import type { ProviderCloud } from '../provider-cloud.ts';
import { createClock } from '../simulation/clock.ts';
import { createFaults } from '../simulation/faults/faults.ts';
import { listen } from '../simulation/http-server.ts';
import { createJournal } from '../simulation/journal.ts';
import { runCloud } from '../simulation/run-cloud.ts';
import { createStateFile, readState } from '../simulation/state-file.ts';
import { apiMethods } from './api/api-methods.ts';
import { cameraPictureRoutes } from './api/camera-picture.ts';
import { apiError } from './api/envelope.ts';
import { apiRoutes } from './api/gateway.ts';
import { controlRoutes } from './control/control-routes.ts';
import { faultKinds } from './faults/fault-kinds.ts';
import type { Faults } from './faults/faults.ts';
import { Operation } from './faults/operation.ts';
import { LONGEST_GAP_MS, STEP_MS } from './house/advance-room.ts';
import { createHouse } from './house.ts';
import { authorizeRoutes } from './oauth/authorize.ts';
import { tokenRoute } from './oauth/token.ts';
import { claire } from './seed/people.ts';
import { createState } from './seed/state.ts';
import { CloudState } from './state.ts';
import { createPushCourier } from './webhooks/courier.ts';
import { createOutbox } from './webhooks/outbox.ts';
import type { SeenAttempt } from './webhooks/seen-attempt.ts';
import type { World } from './world.ts';

export interface NetatmoCloudOptions {
  /** 0 (default): any free one. */
  readonly port?: number;
  /** Where the state is kept; without it everything is forgotten at the end. */
  readonly statePath?: string;
  /** Replaces the registered callbacks; without it those of the state stay. */
  readonly replyUrls?: readonly string[];
  /** The clock that the simulator's own clock follows, epoch milliseconds; default: the real one. */
  readonly now?: () => number;
}

export interface NetatmoCloud extends ProviderCloud {
  readonly name: 'netatmo';
  readonly env: { readonly LATCHKEY_NETATMO_URL: string };
  readonly credentials: { readonly clientId: string; readonly clientSecret: string };
  /** The switches; the same as `/_sim/faults`. */
  readonly faults: Faults;
  /**
   * Lives through the next seconds at once: rooms warm and cool, modes end, pushes go out.
   * Resolves when every attempt made on the way has its outcome; 0 waits for those under way.
   */
  advance(seconds: number): Promise<void>;
}

/**
 * Starts the simulated Netatmo Connect on 127.0.0.1.
 * @throws {TypeError} when `statePath` holds something else
 */
export async function createNetatmoCloud(options: NetatmoCloudOptions = {}): Promise<NetatmoCloud> {
  const realNow = options.now ?? Date.now;
  const form = { schema: CloudState, cloud: 'Netatmo' };
  const held = options.statePath === undefined ? undefined : readState(options.statePath, form);
  const state = held ?? createState(realNow());
  const setReplyUrls = (urls: readonly string[]) => {
    state.application.redirectUris = [...urls];
  };
  if (options.replyUrls) setReplyUrls(options.replyUrls);
  const file = createStateFile(state, options.statePath);
  file.save();

  const { server, url } = await listen(options.port ?? 0);
  const clock = createClock(state, realNow);
  const world: World = { state, url, clock, faults: createFaults(state, faultKinds) };
  const journal = createJournal<SeenAttempt>();
  const outbox = createOutbox(world);
  const house = createHouse(world, outbox.announce);
  const courier = createPushCourier(world, journal, file.save);
  const running = runCloud(server, {
    clock,
    file,
    journal,
    faults: world.faults,
    operation: Operation,
    refuse: (status, message) => apiError(status, status === 404 ? 'Not Found' : message, status),
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
      ...cameraPictureRoutes(),
      ...apiRoutes(world, apiMethods(world, house, outbox)),
    ],
  });

  const { clientId, clientSecret } = state.application;
  return {
    name: 'netatmo',
    url,
    env: { LATCHKEY_NETATMO_URL: url },
    credentials: { clientId, clientSecret },
    person: claire,
    faults: world.faults,
    setReplyUrls(urls) {
      setReplyUrls(urls);
      file.save();
    },
    advance: running.advance,
    close: running.close,
  };
}
