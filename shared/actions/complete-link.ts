import { timingSafeEqual } from 'node:crypto';
import type { Account } from '../domain/account.ts';
import { LatchkeyError } from '../domain/error.ts';
import { newHook } from '../domain/hook.ts';
import { accountIdFor, hashSecret } from '../domain/ids.ts';
import type { Link } from '../domain/link.ts';
import { toProblem } from '../domain/problem.ts';
import { toUtc } from '../domain/time.ts';
import type { PendingLink } from '../store/links.ts';
import type { Store } from '../store/store.ts';
import type { Grant } from '../vault/grant.ts';
import type { Vault } from '../vault/vault.ts';
import { replyUrl } from './link-urls.ts';
import { syncAccount } from './sync-account.ts';
import type { SyncDependencies } from './sync-dependencies.ts';

export interface CompleteLinkDependencies extends SyncDependencies {
  readonly store: Store;
  readonly vault: Vault;
  readonly publicUrl: string;
}

/** What the provider's redirect brought, and what the browser itself did. */
export interface Callback {
  readonly provider: string;
  readonly state?: string;
  readonly code?: string;
  readonly error?: string;
  /** The secrets this browser holds, by link. */
  readonly browserSecretOf: (linkId: string) => string | undefined;
}

export interface CompletedLink {
  readonly link: Link;
  readonly account: Account;
}

/**
 * Ends a link with the provider's answer. Nothing is stored of a link that fails but its problem.
 * @throws {LatchkeyError} link_unknown – nothing to complete
 * @throws {LatchkeyError} link_expired – too late, or the state is not the link's own, which leaves it as it was
 * @throws {LatchkeyError} link_refused and the provider's errors – the link has failed, and says why
 */
export async function completeLink(
  deps: CompleteLinkDependencies,
  callback: Callback,
): Promise<CompletedLink> {
  const link = await takeLink(deps, callback);
  try {
    const grant = await redeem(deps, link, callback);
    return await finishLink(deps, link, grant);
  } catch (error) {
    if (error instanceof LatchkeyError) {
      await deps.store.links.finish(link.linkId, { problem: toProblem(error) });
    }
    throw error;
  }
}

/** Makes the link's account of a grant, whose link has been taken. */
export async function finishLink(
  deps: CompleteLinkDependencies,
  link: Link,
  grant: Grant,
): Promise<CompletedLink> {
  const account = await adopt(deps, link, grant);
  await deps.store.links.finish(link.linkId, { accountId: account.accountId });
  await discover(deps, account);
  return { link, account };
}

/**
 * Finds the link of this callback and uses its state up, before anything is asked that a guess could be tried against.
 * A callback whose state is not the link's own leaves the link as it is: anybody could have made it up.
 */
async function takeLink({ store, now }: CompleteLinkDependencies, callback: Callback): Promise<PendingLink> {
  const [linkId = '', state = ''] = (callback.state ?? '').split('.', 2);
  const link = linkId && state ? await store.links.get(linkId) : undefined;
  if (!link || link.provider !== callback.provider) {
    throw new LatchkeyError('link_unknown', 'the provider came back for a link that does not exist');
  }
  if ((await store.links.take(linkId, hashSecret(state))) === 'refused') {
    throw new LatchkeyError('link_expired', 'the link was used already, or was opened anew meanwhile');
  }
  const refusal = refusalOf(link, callback.browserSecretOf(linkId), now());
  if (!refusal) return link;
  await store.links.finish(linkId, { problem: toProblem(refusal) });
  throw refusal;
}

/** Why a callback with the right state is refused all the same. */
function refusalOf(
  { expiresAt, browserHash }: PendingLink,
  browserSecret: string | undefined,
  now: number,
): LatchkeyError | undefined {
  if (Date.parse(expiresAt) <= now) {
    return new LatchkeyError('link_expired', 'the consent came after the link had expired');
  }
  if (browserHash && browserSecret && isSame(hashSecret(browserSecret), browserHash)) return undefined;
  return new LatchkeyError(
    'link_refused',
    'the consent came from another browser than the link was opened in',
    {
      details: { remedy: 'Start the link again and stay in one browser, with cookies allowed.' },
    },
  );
}

async function redeem(
  { vault, publicUrl }: CompleteLinkDependencies,
  link: Link,
  callback: Callback,
): Promise<Grant> {
  if (callback.error !== undefined) throw refusedAtProvider(callback.error);
  if (!callback.code) {
    throw new LatchkeyError(
      'provider_unexpected',
      'the provider came back without a code and without an error',
    );
  }
  return await vault.redeem(link.provider, callback.code, replyUrl(publicUrl, link.provider));
}

/** The value of `error` is the provider's, so only the values of RFC 6749 §4.1.2.1 are repeated. */
function refusedAtProvider(error: string): LatchkeyError {
  if (error === 'access_denied') {
    return new LatchkeyError('link_refused', 'the owner did not give consent', {
      details: { remedy: 'Start the link again and allow access.' },
    });
  }
  if (error === 'server_error' || error === 'temporarily_unavailable') {
    return new LatchkeyError('provider_unavailable', `the provider could not ask for consent (${error})`);
  }
  const known = ['invalid_request', 'unauthorized_client', 'unsupported_response_type', 'invalid_scope'];
  const code = known.includes(error) ? error : 'an unknown error';
  return new LatchkeyError('provider_rejected', `the provider refused to ask for consent (${code})`, {
    details: { remedy: 'The operator has to look at the application at the provider.' },
  });
}

/** Tokens first, then the account: one without tokens would be of no use to anybody. */
async function adopt(
  { store, vault, now }: CompleteLinkDependencies,
  link: Link,
  grant: Grant,
): Promise<Account> {
  const accountId = accountIdFor(link.provider, link.owner, grant.subject);
  const pointer = await vault.adopt(accountId, grant);
  for (;;) {
    const known = await store.accounts.get(accountId);
    const account: Account = {
      accountId,
      provider: link.provider,
      owner: link.owner,
      subject: grant.subject,
      status: 'linked',
      health: { state: 'good', since: toUtc(now()) },
      scopes: [...(grant.scopes ?? link.scopes)],
      askedScopes: link.scopes,
      ...(grant.linkedBy !== undefined && { linkedBy: grant.linkedBy }),
      timeZone: link.timeZone ?? known?.timeZone,
      subscriptions: known?.subscriptions ?? [],
      // Never an address of a former time: after an unlink, those stay ended.
      hook: known?.hook ?? newHook(now()),
      linkedAt: toUtc(now()),
      linkEpoch: pointer.linkEpoch,
      version: known?.version ?? 1,
    };
    const outcome = known ? await store.accounts.replace(account) : await store.accounts.create(account);
    if (outcome === 'refused') continue;
    await store.syncJobs.start(accountId, now());
    return account;
  }
}

/** What cannot be discovered now is tried again by sync-accounts: the account is linked, and the owner is told so. */
async function discover(deps: CompleteLinkDependencies, { accountId }: Account): Promise<void> {
  try {
    await syncAccount(deps, accountId);
  } catch (error) {
    if (!(error instanceof LatchkeyError)) throw error;
    deps.log.error('sync crashed', { accountId, reason: error.message });
  }
}

/** In constant time. */
export function isSame(a: string, b: string): boolean {
  return a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b));
}
