import type { ProviderCloud } from '../provider-cloud.ts';
import { createClock } from '../simulation/clock.ts';
import { createFaults } from '../simulation/faults/faults.ts';
import { listen } from '../simulation/http-server.ts';
import { createJournal } from '../simulation/journal.ts';
import { runCloud } from '../simulation/run-cloud.ts';
import { createStateFile, readState } from '../simulation/state-file.ts';
import { activityRoute } from './api/activity.ts';
import { assetRoutes } from './api/assets.ts';
import { deviceRoutes } from './api/devices.ts';
import { apiRoutes } from './api/gate.ts';
import { claimRoutes, gatewayRoutes } from './api/gateways.ts';
import { groundRoutes } from './api/grounds.ts';
import { historyRoutes } from './api/history.ts';
import { refusal } from './api/refusal.ts';
import { stateRoutes } from './api/states.ts';
import { controlRoutes } from './control/control-routes.ts';
import { faultKinds } from './faults/fault-kinds.ts';
import type { Faults } from './faults/faults.ts';
import { Operation } from './faults/operation.ts';
import { createHouse, LONGEST_GAP_MS, STEP_MS } from './house.ts';
import { loginRoute } from './login/login.ts';
import { accountRoutes } from './pages/account-routes.ts';
import { createRuleCourier } from './rules/courier.ts';
import { createOutbox } from './rules/outbox.ts';
import type { SeenAttempt } from './rules/seen-attempt.ts';
import { robin } from './seed/people.ts';
import { createState } from './seed/state.ts';
import { CloudState } from './state.ts';
import type { World } from './world.ts';

export interface AllthingstalkCloudOptions {
  /** 0 (default): any free one. */
  readonly port?: number;
  /** Where the state is kept; without it everything is forgotten at the end. */
  readonly statePath?: string;
  /** The clock that the simulator's own clock follows, epoch milliseconds; default: the real one. */
  readonly now?: () => number;
}

export interface AllthingstalkCloud extends ProviderCloud {
  readonly name: 'allthingstalk';
  readonly env: { readonly LATCHKEY_ALLTHINGSTALK_URL: string };
  /** There is nothing to register: a program only says what it is. */
  readonly credentials: { readonly clientId: string };
  /** The switches; the same as `/_sim/faults`. */
  readonly faults: Faults;
  /**
   * Lives through the next seconds at once: values change, devices do what they were told, rules call.
   * Resolves when every attempt made on the way has its outcome; 0 waits for those under way.
   */
  advance(seconds: number): Promise<void>;
}

/**
 * Starts the simulated AllThingsTalk on 127.0.0.1.
 * @throws {TypeError} when `statePath` holds something else
 */
export async function createAllthingstalkCloud(
  options: AllthingstalkCloudOptions = {},
): Promise<AllthingstalkCloud> {
  const realNow = options.now ?? Date.now;
  const form = { schema: CloudState, cloud: 'AllThingsTalk' };
  const held = options.statePath === undefined ? undefined : readState(options.statePath, form);
  const state = held ?? createState(realNow());
  const file = createStateFile(state, options.statePath);
  file.save();

  const { server, url } = await listen(options.port ?? 0);
  const clock = createClock(state, realNow);
  const world: World = { state, url, clock, faults: createFaults(state, faultKinds) };
  const journal = createJournal<SeenAttempt>();
  const outbox = createOutbox(world);
  const house = createHouse(world, outbox.valueCame);
  const courier = createRuleCourier(world, journal, file.save);
  const running = runCloud(server, {
    clock,
    file,
    journal,
    faults: world.faults,
    operation: Operation,
    refuse: (status, message) => refusal(world, status, message),
    movement: {
      compute: house.compute,
      nextChange: house.nextDue,
      nextAttempt: outbox.nextDue,
      deliverDue: courier.deliverDue,
      stepMs: STEP_MS,
      longestGapMs: LONGEST_GAP_MS,
    },
    routes: (timeline) => [
      ...controlRoutes({ world, journal, outbox, house, timeline }),
      ...accountRoutes(world),
      loginRoute(world),
      ...claimRoutes(world),
      ...apiRoutes(world, house, [
        ...groundRoutes(world),
        ...deviceRoutes(world),
        ...gatewayRoutes(world),
        ...assetRoutes(world),
        ...stateRoutes(world, house),
        ...historyRoutes(world),
        activityRoute(world),
      ]),
    ],
  });

  return {
    name: 'allthingstalk',
    url,
    env: { LATCHKEY_ALLTHINGSTALK_URL: url },
    credentials: { clientId: 'web' },
    person: robin,
    faults: world.faults,
    // Nobody is ever sent back from here: there is no redirect consent (contract 2.1).
    setReplyUrls: () => undefined,
    advance: running.advance,
    close: running.close,
  };
}
