/**
 * Netatmo Connect: weather stations, air care, heating, Legrand's and BTicino's wiring, shutters, cameras and alarms.
 * @see https://dev.netatmo.com/apidocumentation
 */
import type { Provider } from '../provider.ts';
import { createConnectApi } from './call.ts';
import { prepareCommand } from './commands.ts';
import { translateDelivery } from './delivery.ts';
import { judgeApiAnswer } from './errors.ts';
import { netatmoHistory } from './history.ts';
import { type ClientCredentials, netatmoOauth } from './oauth.ts';
import { limits, nextStateAt, polling } from './poll-rhythm.ts';
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

export function netatmo({ url, credentials, defaultTimeZone }: NetatmoOptions): Provider {
  const base = url.replace(/\/+$/, '');
  const api = createConnectApi(base);
  return {
    name: 'netatmo',
    oauth: netatmoOauth(base, credentials),
    limits,
    polling,
    judge: judgeApiAnswer,
    plants: (session, { timeZone = defaultTimeZone, scopes: granted }) =>
      discoverPlants(api, session, { granted, defaultTimeZone: timeZone }),
    state: (session, plants) => readState(api, session, plants),
    nextStateAt,
    prepare: (wish, target, now) => prepareCommand(api, wish, target, now),
    history: netatmoHistory(api),
    webhook: netatmoWebhook(api, credentials.clientSecret),
    translate: translateDelivery,
  };
}
