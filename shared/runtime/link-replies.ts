/** What browsers and programs are answered on the way through a link. */
import type { CompletedLink, CompleteLinkDependencies } from '../actions/complete-link.ts';
import { enterCredentials, showLoginLink } from '../actions/enter-credentials.ts';
import { byHandOf } from '../actions/manage-accounts.ts';
import { bindLink, openLink, type StartLinkDependencies, showPending } from '../actions/start-link.ts';
import { Answered } from '../api/answered.ts';
import { codePage, formHeaders, loginPage } from '../api/login-page.ts';
import { linkedPage, pageHeaders } from '../api/page.ts';
import { presentEntered, presentLogin } from '../api/present.ts';
import type { EnteredView, LoginView } from '../api/views.ts';
import type { Credentials } from '../domain/credentials.ts';
import { LatchkeyError } from '../domain/error.ts';
import { errorPolicy } from '../domain/error-policy.ts';
import { toProblem } from '../domain/problem.ts';
import { browserCookie } from './browser-cookie.ts';
import type { Reply } from './http-entry.ts';

export interface OpenLinkDependencies
  extends StartLinkDependencies,
    Pick<CompleteLinkDependencies, 'providerOf'> {}

/** The cloud's consent page or, where it has none, a page of ours; to a program, what it can send instead. */
export async function openLinkReply(
  deps: OpenLinkDependencies,
  linkId: string,
  forPerson: boolean,
): Promise<Reply | Answered<LoginView>> {
  const link = await showPending(deps, linkId);
  const { login } = deps.providerOf(link.provider);
  const cookie = browserCookie(deps.publicUrl, linkId);
  if (!login) {
    const { consentUrl, browserSecret, maxAgeSeconds } = await openLink(deps, linkId);
    return {
      status: 302,
      headers: { location: consentUrl, 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' },
      cookies: [cookie.write(browserSecret, maxAgeSeconds)],
    };
  }
  if (!forPerson) return new Answered(presentLogin(link), {});
  const { state, browserSecret, maxAgeSeconds } = await bindLink(deps, linkId);
  return {
    status: 200,
    headers: formHeaders(link),
    cookies: [cookie.write(browserSecret, maxAgeSeconds)],
    body: loginPage({ link, words: login.words, state }),
  };
}

/** Back to where the product wants its people, or to a page of ours; the cookie has served. */
export function linkedReply(
  deps: Pick<CompleteLinkDependencies, 'publicUrl' | 'hookKey' | 'providerOf'>,
  { link, account }: CompletedLink,
  redirect: 302 | 303 = 302,
): Reply {
  const cookies = [browserCookie(deps.publicUrl, link.linkId).write('', 0)];
  if (link.returnTo === undefined)
    return {
      status: 200,
      headers: pageHeaders,
      cookies,
      body: linkedPage(link.provider, byHandOf(deps, account)),
    };
  const location = new URL(link.returnTo);
  location.searchParams.set('link', link.linkId);
  location.searchParams.set('account', account.accountId);
  return { status: redirect, headers: { location: location.href, 'cache-control': 'no-store' }, cookies };
}

/** Never with the form's fields, whatever the browser. @see RFC 9110 §15.4.4 */
const FORM_SENT = 303;

/** After a form: the next step, the end, or the same form with what was wrong. To a program, the outcome. */
export async function credentialsReply(
  deps: CompleteLinkDependencies,
  linkId: string,
  sent: { credentials: Credentials; byForm: boolean; cookies: readonly string[] | undefined },
): Promise<Reply | Answered<EnteredView>> {
  const { credentials, byForm, cookies } = sent;
  const browserSecret = browserCookie(deps.publicUrl, linkId).read(cookies);
  const attempt = enterCredentials(deps, linkId, { credentials, browserSecret, byForm });
  if (!byForm) return new Answered(presentEntered(await attempt), {});
  try {
    const outcome = await attempt;
    if (!('challenge' in outcome)) return linkedReply(deps, outcome, FORM_SENT);
    const { state } = credentials;
    return await pageAgain(deps, linkId, { way: 'code', challenge: outcome.challenge, code: '', state });
  } catch (error) {
    if (!(error instanceof LatchkeyError) || !canEnterAgain(error)) throw error;
    return await pageAgain(deps, linkId, credentials, error);
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

/** What ends the link, or is for the operator to see, is no matter of another try. */
function canEnterAgain({ code }: LatchkeyError): boolean {
  return errorPolicy[code].expose && !code.startsWith('link_');
}
