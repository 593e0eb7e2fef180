/**
 * AllThingsTalk Maker: devices of any kind, with assets of any kind.
 * @see https://docs.allthingstalk.com/developers/api
 */
import type { CallLimits } from '../../domain/call-limits.ts';
import type { PollingFacts, Provider } from '../provider.ts';
import { createMakerApi } from './call.ts';
import { prepareCommand } from './commands.ts';
import { translateDelivery } from './delivery.ts';
import { judgeApiAnswer } from './errors.ts';
import { allthingstalkLogin } from './login.ts';
import { allthingstalkOauth } from './oauth.ts';
import { readState } from './state.ts';
import { discoverPlants } from './topology.ts';

export interface AllthingstalkOptions {
  /** Base URL, e.g. `https://api.allthingstalk.io`. */
  readonly url: string;
  /** What our program calls itself; there is nothing to register. */
  readonly credentials: { readonly clientId: string };
  /** For plants that do not tell their zone: none does. */
  readonly defaultTimeZone: string;
}

/** AllThingsTalk documents none; a budget of our own. */
const limits: CallLimits = {
  account: [{ name: 'hour', seconds: 3_600, calls: 1_000, reserve: 200, kind: 'sliding' }],
};

const polling: PollingFacts = {
  topologySeconds: 86_400,
  stateSeconds: 300,
  subscriptionsSeconds: 86_400,
  observeSeconds: 15,
  staleSeconds: 900,
};

export function allthingstalk({ url, credentials }: AllthingstalkOptions): Provider {
  const base = url.replace(/\/+$/, '');
  const api = createMakerApi(base);
  return {
    name: 'allthingstalk',
    oauth: allthingstalkOauth(base, credentials),
    login: allthingstalkLogin(base),
    limits,
    polling,
    judge: judgeApiAnswer,
    plants: (session) => discoverPlants(api, session),
    state: (session, plants) => readState(api, session, plants),
    prepare: (wish, target, now) => prepareCommand(api, wish, target, now),
    translate: translateDelivery,
  };
}
