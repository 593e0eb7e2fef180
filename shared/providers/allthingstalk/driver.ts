/**
 * AllThingsTalk Maker: devices of any kind, with assets of any kind.
 * @see https://docs.allthingstalk.com/developers/api
 */
import type { Provider } from '../provider.ts';
import { createMakerApi } from './call.ts';
import { prepareCommand } from './commands.ts';
import { translateDelivery } from './delivery.ts';
import { judgeApiAnswer } from './errors.ts';
import { allthingstalkHistory } from './history.ts';
import { allthingstalkLogin } from './login.ts';
import { allthingstalkOauth } from './oauth.ts';
import { limitsOf, nextStateAt, polling } from './poll-rhythm.ts';
import { readState } from './state.ts';
import { discoverPlants } from './topology.ts';
import { allthingstalkWebhook } from './webhook.ts';

export interface AllthingstalkOptions {
  /** Base URL, e.g. `https://api.allthingstalk.io`. */
  readonly url: string;
  /** What our program calls itself; there is nothing to register. */
  readonly credentials: { readonly clientId: string };
  /** For plants that do not tell their zone: none does. */
  readonly defaultTimeZone: string;
  /** What one account may call; 1,000 unless given: AllThingsTalk names no limit. */
  readonly callsPerHour?: number;
}

export function allthingstalk({
  url,
  credentials,
  defaultTimeZone,
  callsPerHour = 1_000,
}: AllthingstalkOptions): Provider {
  const base = url.replace(/\/+$/, '');
  const api = createMakerApi(base);
  return {
    name: 'allthingstalk',
    oauth: allthingstalkOauth(base, credentials),
    login: allthingstalkLogin(base),
    limits: limitsOf(callsPerHour),
    polling,
    judge: judgeApiAnswer,
    plants: (session, { linkedBy, timeZone = defaultTimeZone }) =>
      discoverPlants(api, session, { linkedBy, timeZone }),
    state: (session, plants) => readState(api, session, plants),
    nextStateAt: (polled, now) => nextStateAt(polled, callsPerHour, now),
    prepare: (wish, target) => prepareCommand(api, wish, target),
    history: allthingstalkHistory(api),
    webhook: allthingstalkWebhook,
    translate: translateDelivery,
  };
}
