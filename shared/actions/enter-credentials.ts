/**
 * Ends a link with what a person entered on a page of ours, or a program sent. What is wrong with it ends nothing: only
 * success uses the link up.
 */
import type { Credentials } from '../domain/credentials.ts';
import { LatchkeyError } from '../domain/error.ts';
import { hashSecret } from '../domain/ids.ts';
import type { Link } from '../domain/link.ts';
import type { LoginApi } from '../providers/provider.ts';
import type { PendingLink } from '../store/links.ts';
import type { Grant } from '../vault/grant.ts';
import type { Challenged } from '../vault/sign-in.ts';
import { type CompletedLink, type CompleteLinkDependencies, finishLink, isSame } from './complete-link.ts';
import { showPending } from './start-link.ts';

export interface EnteredCredentials {
  readonly credentials: Credentials;
  /** What the browser holds of the link; a program holds nothing. */
  readonly browserSecret?: string | undefined;
  /** Whether it is the page's own form: then a browser has to have opened the page. */
  readonly byForm: boolean;
}

/** A link at a cloud without a consent page. */
export interface LoginLink {
  readonly link: PendingLink;
  readonly login: LoginApi;
}

type Dependencies = Pick<CompleteLinkDependencies, 'store' | 'providerOf' | 'now'>;

/** @throws {LatchkeyError} link_unknown, link_expired */
export async function showLoginLink(
  { store: { links }, providerOf, now }: Dependencies,
  linkId: string,
): Promise<LoginLink> {
  const link = await showPending({ links, now }, linkId);
  const { login } = providerOf(link.provider);
  if (login) return { link, login };
  throw new LatchkeyError('link_unknown', `${link.provider} asks for consent on a page of its own`, {
    details: { remedy: "Open the link in the owner's browser" },
  });
}

/**
 * @throws {LatchkeyError} link_unknown, link_expired
 * @throws {LatchkeyError} link_refused – it comes from elsewhere than the browser that opened the link
 * @throws {LatchkeyError} request_invalid, credentials_refused, and the provider's errors – it may be entered again
 */
export async function enterCredentials(
  deps: CompleteLinkDependencies,
  linkId: string,
  { credentials, browserSecret, byForm }: EnteredCredentials,
): Promise<CompletedLink | Challenged> {
  const { link, login } = await showLoginLink(deps, linkId);
  const state = credentials.state?.split('.', 2)[1];
  assertFromLinksBrowser(link, { state, browserSecret, byForm });
  const result = await redeem(deps, link, login, credentials);
  if ('challenge' in result) return result;
  const stateHash = link.browserHash === undefined ? undefined : hashSecret(state ?? '');
  if ((await deps.store.links.take(linkId, stateHash)) === 'refused')
    throw new LatchkeyError('link_expired', 'the link was used already, or was opened anew meanwhile');
  try {
    return await finishLink(deps, link, result);
  } catch (error) {
    if (error instanceof LatchkeyError) await deps.store.links.giveBack(link);
    throw error;
  }
}

/**
 * A link that a browser has opened is that browser's; one that none has opened is whose who know its id, which cannot
 * be guessed. So nobody can end a link that a person is about to.
 */
function assertFromLinksBrowser(
  { stateHash, browserHash }: PendingLink,
  from: { state: string | undefined; browserSecret: string | undefined; byForm: boolean },
): void {
  const { state, browserSecret, byForm } = from;
  if (stateHash === undefined && !byForm) return;
  const isProven =
    state !== undefined &&
    browserSecret !== undefined &&
    stateHash !== undefined &&
    browserHash !== undefined &&
    isSame(hashSecret(state), stateHash) &&
    isSame(hashSecret(browserSecret), browserHash);
  if (isProven) return;
  const remedy = 'Open the link again, and stay in one browser, with cookies allowed';
  throw new LatchkeyError(
    'link_refused',
    'this does not come from the page that the link was opened in last',
    {
      details: { remedy },
    },
  );
}

async function redeem(
  { vault }: CompleteLinkDependencies,
  { provider }: Link,
  login: LoginApi,
  credentials: Credentials,
): Promise<Grant | Challenged> {
  return credentials.way === 'password' || credentials.way === 'code'
    ? await vault.signIn(provider, login, credentials)
    : await vault.examine(provider, login, credentials);
}
