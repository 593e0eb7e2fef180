/**
 * Works with Legrand: the first generation of Smarther thermostats (X8000) at Legrand's developer cloud.
 * @see Smarther v2.0 on Legrand's developer portal
 */
import type { CallLimits } from '../../domain/call-limits.ts';
import type { ModuleWish } from '../../domain/command-action.ts';
import { LatchkeyError } from '../../domain/error.ts';
import type { PollingFacts, PreparedCommand, Provider } from '../provider.ts';
import { assertAccepted, createSmartherApi, paths, type SmartherApi } from './call.ts';
import { translateDelivery } from './delivery.ts';
import { judgeApiAnswer } from './errors.ts';
import { type ClientCredentials, legrandOauth } from './oauth.ts';
import { type ThermostatWish, toSetStatus } from './set-status.ts';
import { readState } from './state.ts';
import { legrandWebhook } from './subscriptions.ts';
import { discoverPlants } from './topology.ts';

export interface LegrandOptions {
  /** Login host, e.g. `https://partners-login.eliotbylegrand.com`. */
  readonly loginUrl: string;
  /** Smarther API, e.g. `https://api.developer.legrand.com/smarther/v2.0`. */
  readonly apiUrl: string;
  readonly credentials: ClientCredentials & { readonly subscriptionKey: string };
  /** Where neither the account nor the thermostat's clock tells. */
  readonly defaultTimeZone: string;
}

/** The Starter Kit's: counted by the UTC day, failed calls included (contract 2.1). */
const limits: CallLimits = {
  account: [{ name: 'day', seconds: 86_400, calls: 500, reserve: 60, kind: 'utc_midnight' }],
};

/**
 * Set for 500 calls a day and owner: hourly polls leave room for a dozen thermostats and for commands, and webhooks
 * tell what happens between them.
 */
const polling: PollingFacts = {
  topologySeconds: 86_400,
  stateSeconds: 3_600,
  // A subscription can vanish at Legrand without a word (observed by other clients); they too look once a day.
  subscriptionsSeconds: 86_400,
  observeSeconds: 15,
  // Two polls missed.
  staleSeconds: 7_500,
};

export function legrand({ loginUrl, apiUrl, credentials, defaultTimeZone }: LegrandOptions): Provider {
  const api = createSmartherApi(withoutSlash(apiUrl), credentials.subscriptionKey);
  return {
    name: 'legrand',
    oauth: legrandOauth(withoutSlash(loginUrl), credentials),
    limits,
    polling,
    judge: judgeApiAnswer,
    plants: (session, { timeZone = defaultTimeZone }) => discoverPlants(api, session, timeZone),
    state: (session, plants) => readState(api, session, plants),
    prepare: (wish, target, now) => prepare(api, wish, target, now),
    webhook: legrandWebhook(api),
    translate: (raw, timeZoneOf) =>
      translateDelivery(raw, (plantNativeId) => timeZoneOf?.(plantNativeId) ?? defaultTimeZone),
  };
}

function prepare(api: SmartherApi, ...[wish, target, now]: Parameters<Provider['prepare']>): PreparedCommand {
  const { plant, module } = target;
  if (!isForThermostats(wish) || !module.actions.includes(wish.action)) {
    throw new LatchkeyError('command_unsupported', `This module has no action ${wish.action}`);
  }
  const { body, expects } = toSetStatus(wish, target, now);
  return {
    expects,
    // A range counts from its start, which is the moment of sending: told again, it ends no later.
    isIdempotent: true,
    async execute(session) {
      const path = paths.status(plant.nativeId, module.nativeId);
      // A success is whatever is no refusal: its body is undocumented, and was seen empty.
      assertAccepted(await api(session, { method: 'POST', path, body }));
    },
  };
}

function isForThermostats(wish: ModuleWish): wish is ThermostatWish {
  return wish.action === 'set_setpoint' || wish.action === 'set_mode';
}

function withoutSlash(url: string): string {
  return url.replace(/\/+$/, '');
}
