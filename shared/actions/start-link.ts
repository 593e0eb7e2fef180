import { System } from '../domain/device.ts';
import { LatchkeyError } from '../domain/error.ts';
import { hashSecret, newLinkId, newSecret } from '../domain/ids.ts';
import { LINK_LIFE_SECONDS, type Link } from '../domain/link.ts';
import type { ProviderName } from '../domain/provider-name.ts';
import { toUtc } from '../domain/time.ts';
import type { OauthFacts } from '../providers/provider.ts';
import type { LinkStore, PendingLink } from '../store/links.ts';
import { replyUrl } from './link-urls.ts';

export interface StartLinkDependencies {
  readonly links: LinkStore;
  readonly factsOf: (provider: ProviderName) => OauthFacts;
  readonly publicUrl: string;
  /** URL prefixes that an owner's browser may be sent to after the link. */
  readonly returnToAllowed: readonly string[];
  readonly now: () => number;
}

export interface LinkWish extends Pick<Link, 'provider' | 'owner' | 'returnTo' | 'timeZone'> {
  /** What to ask for, in the provider's words; or for the devices of which systems, all unless given. */
  readonly scopes?: readonly string[] | undefined;
  readonly systems?: readonly System[] | undefined;
  readonly grant?: 'authorization_code' | 'password' | undefined;
}

/**
 * Begins a link.
 * @throws {LatchkeyError} request_invalid – `returnTo` is not allowed, a scope or a system is not among the provider's,
 * or the consent is to be a password
 */
export async function startLink(
  deps: StartLinkDependencies,
  wish: LinkWish,
): Promise<{ id: string; url: string; expiresAt: string }> {
  const { scopes, systems, grant, ...wished } = wish;
  const facts = deps.factsOf(wish.provider);
  refuseForeignReturn(wish.returnTo, deps.returnToAllowed);
  if (grant === 'password') throw refusal('grant', facts.withoutPasswords);
  const now = deps.now();
  const link: Link = {
    ...wished,
    scopes: [...scopesToAsk({ scopes, systems }, facts)],
    linkId: newLinkId(),
    status: 'pending',
    createdAt: toUtc(now),
    expiresAt: toUtc(now + LINK_LIFE_SECONDS * 1000),
  };
  await deps.links.create(link);
  return { id: link.linkId, url: `${deps.publicUrl}/link/${link.linkId}`, expiresAt: link.expiresAt };
}

/** @throws {LatchkeyError} link_unknown */
export async function showLink(
  { links }: Pick<StartLinkDependencies, 'links'>,
  linkId: string,
): Promise<PendingLink> {
  const link = await links.get(linkId);
  if (!link) throw new LatchkeyError('link_unknown', `there is no link ${linkId}`);
  return link;
}

/** A link that is bound to the browser which opened it. */
interface BoundLink {
  readonly link: Link;
  /** To come back with. */
  readonly state: string;
  /** To leave with the browser. */
  readonly browserSecret: string;
  readonly maxAgeSeconds: number;
}

/** Where to send the browser, and the secret to leave with it. */
export interface OpenedLink extends Pick<BoundLink, 'browserSecret' | 'maxAgeSeconds'> {
  readonly consentUrl: string;
}

/** @throws {LatchkeyError} link_unknown, link_expired */
export async function openLink(deps: StartLinkDependencies, linkId: string): Promise<OpenedLink> {
  const { link, state, browserSecret, maxAgeSeconds } = await bindLink(deps, linkId);
  return { consentUrl: consentUrl(deps, link, state), browserSecret, maxAgeSeconds };
}

/** @throws {LatchkeyError} link_unknown, link_expired */
export async function showPending(
  { links, now }: Pick<StartLinkDependencies, 'links' | 'now'>,
  linkId: string,
): Promise<PendingLink> {
  const link = await showLink({ links }, linkId);
  if (link.status !== 'pending' || Date.parse(link.expiresAt) <= now())
    throw new LatchkeyError('link_expired', 'the link has expired or was used');
  return link;
}

/**
 * Binds the link to the browser that opens it: the state goes to the provider, or onto the page; another secret stays
 * in the browser, and only their hashes are stored.
 * @throws {LatchkeyError} link_unknown, link_expired
 */
export async function bindLink(
  deps: Pick<StartLinkDependencies, 'links' | 'now'>,
  linkId: string,
): Promise<BoundLink> {
  const link = await showPending(deps, linkId);
  const leftMs = Date.parse(link.expiresAt) - deps.now();
  const [state, browserSecret] = [newSecret(), newSecret()];
  const hashes = { stateHash: hashSecret(state), browserHash: hashSecret(browserSecret) };
  if ((await deps.links.bind(linkId, hashes)) === 'refused') {
    throw new LatchkeyError('link_expired', 'the link was used');
  }
  return { link, state: `${linkId}.${state}`, browserSecret, maxAgeSeconds: Math.ceil(leftMs / 1000) };
}

/** @see RFC 6749 §4.1.1 */
function consentUrl(deps: StartLinkDependencies, link: Link, state: string): string {
  const facts = deps.factsOf(link.provider);
  if (facts.authorizationUrl === undefined)
    throw new LatchkeyError('config_invalid', `${link.provider} has no consent page`);
  const url = new URL(facts.authorizationUrl);
  url.search = new URLSearchParams({
    client_id: facts.clientId,
    response_type: 'code',
    redirect_uri: replyUrl(deps.publicUrl, link.provider),
    scope: link.scopes.join(' '),
    state,
  }).toString();
  return url.href;
}

function refuseForeignReturn(returnTo: string | undefined, allowed: readonly string[]): void {
  if (returnTo === undefined || allowed.some((prefix) => isBelow(returnTo, prefix))) return;
  throw new LatchkeyError('request_invalid', 'returnTo is not in the list of allowed addresses', {
    details: {
      fields: { returnTo: `must begin with one of: ${allowed.join(', ') || '(none is configured)'}` },
      remedy: 'Add the address to returnTo in the settings of the stage, and deploy.',
    },
  });
}

/**
 * Same scheme and host, and a path at or below the prefix's; comparing text alone would allow
 * `https://good.example.evil`. Not by `origin`: that of every scheme of an app's own is the same `null`.
 */
function isBelow(address: string, prefix: string): boolean {
  const [url, root] = [new URL(address), new URL(prefix)];
  const folder = root.pathname.endsWith('/') ? root.pathname : `${root.pathname}/`;
  return (
    url.protocol === root.protocol &&
    url.host === root.host &&
    url.username === '' &&
    url.password === '' &&
    (url.pathname === root.pathname || url.pathname.startsWith(folder))
  );
}

/** No system without a scope of its own, so that nobody consents to nothing. */
function scopesToAsk(
  { scopes, systems }: Pick<LinkWish, 'scopes' | 'systems'>,
  facts: OauthFacts,
): readonly string[] {
  if (scopes && systems) throw refusal('systems', 'cannot be given beside scopes');
  if (scopes) {
    const isKnown = scopes.every((scope) => facts.scopes.includes(scope));
    if (!isKnown) throw refusal('scopes', `known are: ${facts.scopes.join(', ')}`);
    return [...new Set(scopes)];
  }
  const known = System.options.filter((system) => facts.scopesOf([system]).length > 0);
  const isKnown = systems?.every((system) => known.includes(system)) ?? true;
  if (!isKnown) throw refusal('systems', `the provider has: ${known.join(', ')}`);
  return facts.scopesOf(systems ?? known);
}

function refusal(field: string, reason: string): LatchkeyError {
  return new LatchkeyError('request_invalid', `${field}: ${reason}`, {
    details: { fields: { [field]: reason } },
  });
}
