/** What an owner's browser is answered on the way through a link. */
import type { CompletedLink, CompleteLinkDependencies } from '../actions/complete-link.ts';
import { type LoginLink, showLoginLink } from '../actions/enter-credentials.ts';
import { codePage, formHeaders, loginPage } from '../api/login-page.ts';
import { linkedPage, pageHeaders } from '../api/page.ts';
import type { Credentials } from '../domain/credentials.ts';
import { LatchkeyError } from '../domain/error.ts';
import { errorPolicy } from '../domain/error-policy.ts';
import { toProblem } from '../domain/problem.ts';
import type { Challenged } from '../vault/sign-in.ts';
import { browserCookie } from './browser-cookie.ts';
import type { Reply } from './http-entry.ts';

/** Back to where the product wants its people, or to a page of ours; the cookie has served. */
export function linkedReply(
  publicUrl: string,
  { link, account }: CompletedLink,
  redirect: 302 | 303 = 302,
): Reply {
  const cookies = [browserCookie(publicUrl, link.linkId).write('', 0)];
  if (link.returnTo === undefined)
    return { status: 200, headers: pageHeaders, cookies, body: linkedPage(link.provider) };
  const location = new URL(link.returnTo);
  location.searchParams.set('link', link.linkId);
  location.searchParams.set('account', account.accountId);
  return { status: redirect, headers: { location: location.href, 'cache-control': 'no-store' }, cookies };
}

/** The page to link on, for the browser that has just been bound to the link. */
export function loginReply(
  publicUrl: string,
  { link, login }: LoginLink,
  bound: { state: string; browserSecret: string; maxAgeSeconds: number },
): Reply {
  const cookie = browserCookie(publicUrl, link.linkId).write(bound.browserSecret, bound.maxAgeSeconds);
  return {
    status: 200,
    headers: formHeaders(link),
    cookies: [cookie],
    body: loginPage({ link, words: login.words, state: bound.state }),
  };
}

/** After a form: the next step, the end, or the same form with what was wrong. */
export async function formReply(
  deps: CompleteLinkDependencies,
  linkId: string,
  entered: Credentials,
  attempt: Promise<CompletedLink | Challenged>,
): Promise<Reply> {
  try {
    const outcome = await attempt;
    if (!('challenge' in outcome)) return linkedReply(deps.publicUrl, outcome, FORM_SENT);
    return await pageAgain(deps, linkId, { ...entered, way: 'code', challenge: outcome.challenge, code: '' });
  } catch (error) {
    if (!(error instanceof LatchkeyError) || !canEnterAgain(error)) throw error;
    return await pageAgain(deps, linkId, entered, error);
  }
}

async function pageAgain(
  deps: CompleteLinkDependencies,
  linkId: string,
  entered: Credentials,
  error?: LatchkeyError,
): Promise<Reply> {
  const { link, login } = await showLoginLink(deps, linkId);
  const problem = error && toProblem(error);
  const shown = { link, words: login.words, state: entered.state ?? '', problem };
  const body = entered.way === 'code' ? codePage(shown, entered.challenge) : loginPage({ ...shown, entered });
  return { status: problem?.status ?? 200, headers: formHeaders(link), body };
}

/** Never with the form's fields, whatever the browser. @see RFC 9110 §15.4.4 */
const FORM_SENT = 303;

/** What ends the link, or is for the operator to see, is no matter of another try. */
function canEnterAgain({ code }: LatchkeyError): boolean {
  return errorPolicy[code].expose && !code.startsWith('link_');
}
