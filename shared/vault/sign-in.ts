/** Makes grants of what a person entered on a page of ours. Nothing of it is kept but the tokens. */
import type { PastedToken } from '../domain/credentials.ts';
import { LatchkeyError } from '../domain/error.ts';
import type { ProviderName } from '../domain/provider-name.ts';
import type { LoginApi, LoginForm, OauthFacts, Session } from '../providers/provider.ts';
import type { Send } from '../providers/request.ts';
import type { Grant } from './grant.ts';
import { postToTokenUrl, readGrant } from './grants.ts';
import { toStaticSet, toTokenSet } from './token-set.ts';

export interface SignInDependencies {
  readonly factsOf: (provider: ProviderName) => OauthFacts;
  readonly send: Send;
  readonly now: () => number;
}

/** The password, or the code that it led to. */
export type SignInStep =
  | { readonly way: 'password'; readonly username: string; readonly password: string }
  | { readonly way: 'code'; readonly challenge: string; readonly code: string };

/** The cloud wants a code; the challenge comes back with it, and is kept nowhere meanwhile. */
export interface Challenged {
  readonly challenge: string;
}

/**
 * @throws {LatchkeyError} credentials_refused – what was entered is wrong or has ended
 * @throws {LatchkeyError} provider_unavailable, provider_throttled, provider_unexpected, config_invalid
 */
export async function signIn(
  deps: SignInDependencies,
  provider: ProviderName,
  login: LoginApi,
  step: SignInStep,
): Promise<Grant | Challenged> {
  const facts = deps.factsOf(provider);
  const sentAtMs = deps.now();
  const answer = await postToTokenUrl(facts, formOf(login, step), deps.send);
  const challenge = login.readChallenge(answer);
  if (challenge !== undefined) return { challenge };
  if (answer.status < 200 || answer.status >= 300) throw login.judgeRefusal(answer, step.way);
  const outcome = readGrant(facts, answer.body, sentAtMs);
  if (outcome.kind === 'unparseable') throw outcome.error;
  if (outcome.answer.refreshToken === undefined)
    throw new LatchkeyError('provider_unexpected', 'the provider granted no refresh token');
  const set = toTokenSet(outcome.answer, facts, { sentAtMs });
  const subject = await login.personOf(callerWith(set.accessToken, deps.send));
  return { provider, subject, set, linkedBy: { way: 'password' } };
}

/**
 * Tries a pasted token where it is said to count.
 * @throws {LatchkeyError} request_invalid – the id or the token is none
 * @throws {LatchkeyError} credentials_refused – the token is another than it is said to be, or unknown
 * @throws {LatchkeyError} provider_unavailable, provider_throttled, provider_unexpected
 */
export async function examineToken(
  deps: SignInDependencies,
  provider: ProviderName,
  login: LoginApi,
  { way, id, token }: PastedToken,
): Promise<Grant> {
  const accessToken = bare(token);
  await login.examine(callerWith(accessToken, deps.send), { way, id });
  const set = toStaticSet(accessToken, deps.now());
  return { provider, subject: id, set, linkedBy: { way, nativeId: id } };
}

function formOf(login: LoginApi, step: SignInStep): LoginForm {
  return step.way === 'password' ? login.passwordForm(step) : login.codeForm(step);
}

/** As it was pasted, without the word that often stands before it where people copy it from. */
function bare(token: string): string {
  const found = /^(?:Bearer\s+)?([\x21-\x7e]+)$/i.exec(token.trim())?.[1];
  if (found !== undefined) return found;
  const reason = 'is not a token: it has blanks or characters that no token has';
  throw new LatchkeyError('request_invalid', `token: ${reason}`, {
    details: { fields: { token: reason }, remedy: 'Copy the token once more, and nothing else' },
  });
}

function callerWith(accessToken: string, send: Send): Pick<Session, 'send'> {
  return {
    send: (request) =>
      send({ ...request, headers: { ...request.headers, authorization: `Bearer ${accessToken}` } }),
  };
}
