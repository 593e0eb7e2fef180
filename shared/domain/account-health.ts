/** What the state of a grant means to whoever looks at the account, in a table and in words. Pure. */
import type * as z from 'zod';
import { type Account, type AccountStatus, Health, type HealthCause } from './account.ts';
import type { Actor } from './actor.ts';
import type { GrantHealth } from './grant-health.ts';
import type { ProviderGate } from './provider-gate.ts';
import type { Quota } from './quota.ts';
import type { UtcTime } from './time.ts';

const verdicts: Record<
  GrantHealth['state'],
  { status: AccountStatus; state: Health['state']; actor?: Actor }
> = {
  good: { status: 'linked', state: 'good' },
  delayed: { status: 'linked', state: 'degraded', actor: 'provider' },
  suspect: { status: 'linked', state: 'degraded', actor: 'latchkey' },
  dead: { status: 'reauth_required', state: 'failed', actor: 'owner' },
  owner_action: { status: 'owner_action_required', state: 'failed', actor: 'owner' },
};

/** What is known of an account beside its grant. */
export interface Experience {
  readonly nextActionAt?: UtcTime | undefined;
  /** Why the provider refuses every call; a grant that is of no use comes before it. */
  readonly calls?: Quota['refused'];
  /** Whether the provider refuses the access token, new as it is. */
  readonly isTokenRefused?: boolean;
}

export function accountStanding(
  grant: Pick<GrantHealth, 'state' | 'cause' | 'since'>,
  { nextActionAt, calls, isTokenRefused }: Experience = {},
): Pick<Account, 'status' | 'health'> {
  const { status, state, actor } = verdicts[grant.state];
  if (calls?.cause === 'provider_terms' && status === 'linked')
    return accountStanding({ state: 'owner_action', cause: 'provider_terms', since: calls.since });
  if (calls?.cause === 'application_refused' && state === 'good')
    return { status, health: { ...calls, state: 'degraded', actor: 'operator' } };
  if (isTokenRefused && state === 'good') {
    const { since } = grant;
    return { status, health: { state: 'degraded', cause: 'access_refused', actor: 'owner', since } };
  }
  return {
    status,
    health: {
      state,
      since: grant.since,
      ...(grant.cause !== undefined && { cause: grant.cause }),
      ...(actor !== undefined && { actor }),
      ...(nextActionAt !== undefined && state !== 'good' && { nextActionAt }),
    },
  };
}

/** What stands in the way of all accounts of a provider or of a table, and when the account's tokens are due. */
export interface Circumstances {
  readonly gate?: ProviderGate | undefined;
  /** Why no call may be made for the account, and until when. */
  readonly usedUp?: { readonly limit: NonNullable<Health['limit']>; readonly until: UtcTime } | undefined;
  /** Whether another deployment's account. */
  readonly isForeign: boolean;
  readonly rotateAt?: UtcTime | undefined;
}

/** The health to show: what is wrong with all accounts comes before the account's own, except before its end. */
export function healthNow(health: Health, circumstances: Circumstances): Health {
  const { gate, isForeign, usedUp, rotateAt } = circumstances;
  if (isForeign)
    return { state: 'degraded', cause: 'deployment_foreign', actor: 'operator', since: health.since };
  if (gate?.cause === 'application_refused' && health.state !== 'failed') {
    const { cause, since = health.since, closedUntil: nextActionAt } = gate;
    return { state: 'degraded', cause, actor: 'operator', since, ...(nextActionAt && { nextActionAt }) };
  }
  if (usedUp !== undefined && health.state === 'good') {
    const { since } = health;
    const { limit, until: nextActionAt } = usedUp;
    // The application's limits grow only when its operator asks for it.
    const actor = limit.of === 'application' ? 'operator' : 'provider';
    return { state: 'degraded', cause: 'quota_used_up', actor, since, nextActionAt, limit };
  }
  // The next token may be taken where this one is refused.
  const isRotated = health.state === 'good' || health.cause === 'access_refused';
  return isRotated && rotateAt !== undefined ? { ...health, nextActionAt: rotateAt } : health;
}

/** What of an account's health outlives a single attempt. */
export const LastingHealth = Health.pick({ state: true, cause: true, actor: true, since: true }).partial({
  since: true,
});
export type LastingHealth = z.infer<typeof LastingHealth>;

/** What of an account's own health is told whenever it changes, and by nothing else. */
export function lastingHealth({ state, cause, actor, since }: Health): LastingHealth {
  // Since when it is well is the time of its last rotation.
  if (state === 'good') return { state };
  // While nobody has to act but the provider or Latchkey, every attempt of an outage may find another cause.
  return actor === 'owner' || actor === 'operator' ? { state, cause, actor, since } : { state, actor, since };
}

/** What happened, and what happens next, each a sentence for people. */
export interface HealthWords {
  readonly explanation: string;
  readonly next: string;
}

const linkAgain = 'Nothing works until the owner links the account again.';
const asked = 'The provider is asked again at the time given; the access token is used while it lasts.';

const words: Record<HealthCause, HealthWords> = {
  provider_unreachable: { explanation: "The provider's token endpoint cannot be reached.", next: asked },
  provider_throttled: { explanation: 'The provider allows no more token exchanges for now.', next: asked },
  provider_failing: { explanation: "The provider's token endpoint fails.", next: asked },
  rotation_outcome_unknown: {
    explanation:
      'The provider was asked for new tokens and gave no answer, so they may have been replaced or not.',
    next: 'As soon as nothing can be under way any more, the old token is tried once, which tells.',
  },
  rotation_outcome_lost: {
    explanation:
      'The provider replaced the tokens, its answer never arrived, and it does not take the old one again.',
    next: `${linkAgain} For a day Latchkey goes on looking whether the answer was kept somewhere.`,
  },
  answer_unreadable: {
    explanation:
      'The provider replaced the tokens in an answer that Latchkey cannot read; the answer is kept.',
    next: 'After a fix the operator can rotate the account by hand; otherwise the owner links it again.',
  },
  grant_invalid: {
    explanation:
      'The provider says that the consent is not valid any more: the owner withdrew it, or it expired.',
    next: 'The provider is asked every hour for a day; if it stays with it, the owner has to link the account again.',
  },
  provider_terms: {
    explanation:
      'The owner has to accept something in the app of the provider, such as new terms of use, or to renew a password.',
    next: 'Latchkey tries again every hour and goes on by itself once the owner has done so.',
  },
  token_deleted: {
    explanation:
      'The provider does not know the token any more with which the account was linked: somebody deleted it there.',
    next: 'The owner links the account again with a new token. Until then Latchkey tries the old one now and then, in case it was refused by mistake.',
  },
  application_refused: {
    explanation:
      "The provider refuses Latchkey's own application: a wrong or expired client secret, as a rule.",
    next: 'The accounts stay as they are; once the operator has put it right, they go on by themselves.',
  },
  access_refused: {
    explanation:
      'The provider refuses calls with a token that it has just issued: the owner may have lost this home, or switched third party access off.',
    next: 'The owner has to look in the app of the provider, and link the account again; Latchkey goes on trying.',
  },
  quota_used_up: {
    explanation: 'The provider allows no more calls for this account for now; webhooks keep arriving.',
    next: 'Latchkey makes no call for it before the time given, and goes on by itself then.',
  },
  deployment_foreign: {
    explanation:
      'The account belongs to another deployment of Latchkey; both spending its tokens would lose it.',
    next: 'This deployment leaves its tokens alone until the operator claims its accounts.',
  },
};

/** @param health – the same cause reads otherwise once it is final, and where it concerns more than the account */
export function healthWords(
  health: Pick<Health, 'cause' | 'state' | 'limit' | 'nextActionAt'>,
  hasStaticToken = false,
): HealthWords {
  const { cause, state, limit } = health;
  if (cause === undefined) {
    const next = hasStaticToken
      ? 'Its token is tried every day; it counts until it is deleted at the provider.'
      : 'Its tokens are rotated before they expire.';
    return { explanation: 'The account works.', next };
  }
  const { explanation, next } = words[cause];
  if (cause === 'quota_used_up' && limit?.of === 'application')
    return {
      explanation: applicationUsedUp(health),
      next: `${next} The operator can ask the provider for more.`,
    };
  return { explanation, next: cause === 'grant_invalid' && state === 'failed' ? linkAgain : next };
}

function applicationUsedUp({ limit, nextActionAt }: Pick<Health, 'limit' | 'nextActionAt'>): string {
  const spent = limit?.window === undefined ? 'are spent' : `of this ${limit.window} are spent`;
  return `The calls that the provider allows Latchkey's whole application ${spent} until ${nextActionAt}; webhooks keep arriving.`;
}
