/**
 * Netatmo Connect: weather stations, air care, heating, Legrand's and BTicino's wiring, shutters, cameras and alarms.
 * @see https://dev.netatmo.com/apidocumentation
 */
import type { CallLimits } from '../../domain/call-limits.ts';
import type { PollingFacts, Provider } from '../provider.ts';
import { createConnectApi } from './call.ts';
import { prepareCommand } from './commands.ts';
import { translateDelivery } from './delivery.ts';
import { judgeApiAnswer } from './errors.ts';
import { type ClientCredentials, netatmoOauth } from './oauth.ts';
import { readState } from './state.ts';
import { netatmoWebhook } from './subscriptions.ts';
import { discoverPlants } from './topology.ts';

export interface NetatmoOptions {
  /** Base URL, e.g. `https://api.netatmo.com`. */
  readonly url: string;
  readonly credentials: ClientCredentials;
  /** For plants that do not tell their zone. */
  readonly defaultTimeZone: string;
}

/** Both slide (contract 2.5). */
const limits: CallLimits = {
  account: [
    { name: 'burst', seconds: 10, calls: 50, reserve: 10, kind: 'sliding' },
    { name: 'hour', seconds: 3_600, calls: 500, reserve: 100, kind: 'sliding' },
  ],
};

const polling: PollingFacts = {
  topologySeconds: 86_400,
  // A station uploads every ten minutes: asking more often gains nothing (contract 3.3).
  stateSeconds: 600,
  subscriptionsSeconds: 86_400,
  observeSeconds: 20,
  // Two polls missed.
  staleSeconds: 1_500,
};

export function netatmo({ url, credentials }: NetatmoOptions): Provider {
  const base = url.replace(/\/+$/, '');
  const api = createConnectApi(base);
  return {
    name: 'netatmo',
    oauth: netatmoOauth(base, credentials),
    limits,
    polling,
    judge: judgeApiAnswer,
    plants: (session) => discoverPlants(api, session),
    state: (session, plants) => readState(api, session, plants),
    prepare: (wish, target, now) => prepareCommand(api, wish, target, now),
    webhook: netatmoWebhook(api, credentials.clientSecret),
    translate: translateDelivery,
  };
}
