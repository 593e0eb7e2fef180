/** Webhook subscriptions («C2C notifications»). The list also holds those of other applications: never touched. */
import type { BanFacts } from '../../domain/answer-tally.ts';
import { LatchkeyError } from '../../domain/error.ts';
import { parseJson } from '../../domain/text.ts';
import type { HeldSubscription, PlantWebhookApi, Session } from '../provider.ts';
import type { ProviderAnswer } from '../request.ts';
import { assertAccepted, paths, readAnswer, type SmartherApi } from './call.ts';
import { toApiError } from './errors.ts';
import { legrandIntake } from './intake.ts';
import { SubscribedAnswer, SubscriptionsAnswer } from './wire.ts';

/**
 * Each set of 20 failures is a minute, 20 minutes at most (Legrand's tutorial on C2C notifications). When the counter
 * starts again is not documented: a day without a failure is assumed.
 */
const ban: BanFacts = {
  failures: legrandIntake.failuresToBan,
  seconds: 60,
  mostSeconds: 1_200,
  forgivenAfterSeconds: 86_400,
};

export function legrandWebhook(api: SmartherApi): PlantWebhookApi {
  return {
    breadth: 'plant',
    ban,

    async list(session, urlPrefix) {
      const all = await listAll(api, session);
      return all.filter(({ url }) => url.startsWith(urlPrefix));
    },

    async subscribe(session, { nativeId }, url) {
      const first = await post(api, session, nativeId, url);
      if (first.status !== 409) return readMade(api, session, first, nativeId, url);
      const held = (await listAll(api, session)).filter(({ plantNativeId }) => plantNativeId === nativeId);
      const same = held.find((one) => one.url === url);
      if (same !== undefined) return same;
      const stale = held.filter((one) => isOurs(one.url, url, session.accountId));
      if (stale.length === 0) throw toApiError(first);
      for (const one of stale) await remove(api, session, one);
      return readMade(api, session, await post(api, session, nativeId, url), nativeId, url);
    },

    unsubscribe: (session, subscription) => remove(api, session, subscription),
  };
}

async function listAll(api: SmartherApi, session: Session): Promise<HeldSubscription[]> {
  const answer = await api(session, { method: 'GET', path: paths.subscriptions });
  if (answer.status === 204) return [];
  return readAnswer(SubscriptionsAnswer, answer).map(({ subscriptionId, plantId, EndPointUrl }) => ({
    subscriptionId,
    plantNativeId: plantId,
    url: EndPointUrl,
  }));
}

function post(api: SmartherApi, session: Session, plantId: string, url: string): Promise<ProviderAnswer> {
  return api(session, { method: 'POST', path: paths.subscribe(plantId), body: { EndPointUrl: url } });
}

async function readMade(
  api: SmartherApi,
  session: Session,
  answer: ProviderAnswer,
  plantNativeId: string,
  url: string,
): Promise<HeldSubscription> {
  assertAccepted(answer);
  const made = SubscribedAnswer.safeParse(parseJson(answer.body));
  if (made.success) return { subscriptionId: made.data.subscriptionId, plantNativeId, url };
  // Legrand has answered 201 without JSON: the subscription exists, and only the list knows its id.
  const all = await listAll(api, session);
  const listed = all.find((one) => one.plantNativeId === plantNativeId && one.url === url);
  if (listed !== undefined) return listed;
  throw new LatchkeyError('provider_unexpected', 'Legrand accepted the subscription but does not list it', {
    details: { provider: { status: answer.status } },
  });
}

async function remove(api: SmartherApi, session: Session, subscription: HeldSubscription): Promise<void> {
  const { plantNativeId, subscriptionId } = subscription;
  const answer = await api(session, {
    method: 'DELETE',
    path: paths.subscription(plantNativeId, subscriptionId),
  });
  if (answer.status !== 404) assertAccepted(answer);
}

/** An earlier address of the same account: it begins as `url` does, up to and including the account's id. */
function isOurs(candidate: string, url: string, accountId: string): boolean {
  const at = url.lastIndexOf(accountId);
  return at >= 0 && candidate.startsWith(url.slice(0, at + accountId.length));
}
