/** The two grants: one function sends, another judges; neither stores anything. */
import { LatchkeyError } from '../domain/error.ts';
import type { GrantRefusal, OauthFacts, TokenAnswer } from '../providers/provider.ts';
import type { ProviderAnswer, Send } from '../providers/request.ts';
import { EXCHANGE_TIMEOUT_MS } from './lease.ts';

export interface Granted {
  readonly kind: 'granted';
  readonly answer: TokenAnswer;
  /** The answer as it came, for the escrow. */
  readonly body: string;
  readonly sentAtMs: number;
}

/** A success that makes no sense: the token is probably spent, and its child is in these bytes. */
export interface Unparseable {
  readonly kind: 'unparseable';
  readonly body: string;
  readonly sentAtMs: number;
  readonly error: LatchkeyError;
}

/** No answer; without `sent` the request never left. */
export interface NoAnswer {
  readonly kind: 'no_answer';
  readonly sent: boolean;
  readonly error: LatchkeyError;
}

export type GrantOutcome = Granted | Unparseable | NoAnswer | GrantRefusal;

/**
 * Spends an authorization code.
 * @see RFC 6749 §4.1.3
 */
export function exchangeCode(
  facts: OauthFacts,
  wish: { code: string; redirectUri: string },
  send: Send,
  now: () => number,
): Promise<GrantOutcome> {
  const { code, redirectUri: redirect_uri } = wish;
  return exchange(facts, { grant_type: 'authorization_code', code, redirect_uri }, send, now);
}

/**
 * Spends a refresh token.
 * @see RFC 6749 §6
 */
export function exchangeRefreshToken(
  facts: OauthFacts,
  refreshToken: string,
  send: Send,
  now: () => number,
): Promise<GrantOutcome> {
  return exchange(facts, { grant_type: 'refresh_token', refresh_token: refreshToken }, send, now);
}

async function exchange(
  facts: OauthFacts,
  grant: Record<string, string>,
  send: Send,
  now: () => number,
): Promise<GrantOutcome> {
  const sentAtMs = now();
  let answer: ProviderAnswer;
  try {
    answer = await postToTokenUrl(facts, grant, send);
  } catch (error) {
    if (!(error instanceof LatchkeyError)) throw error;
    return { kind: 'no_answer', sent: error.details.sent ?? true, error };
  }
  const isSuccess = answer.status >= 200 && answer.status < 300;
  return isSuccess ? readGrant(facts, answer.body, sentAtMs) : facts.judgeRefusal(answer);
}

/** Sends a form as our application. @throws {LatchkeyError} provider_unavailable – no answer */
export function postToTokenUrl(
  { clientId: client_id, clientSecret: client_secret, tokenUrl: url }: OauthFacts,
  form: Readonly<Record<string, string>>,
  send: Send,
): Promise<ProviderAnswer> {
  const fields = { ...form, client_id, ...(client_secret !== '' && { client_secret }) };
  return send({
    method: 'POST',
    url,
    headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' },
    body: new URLSearchParams(fields).toString(),
    timeoutMs: EXCHANGE_TIMEOUT_MS,
  });
}

/** Reads the body of a success; nothing that it may be makes this throw, because it may be the only live credential. */
export function readGrant(facts: OauthFacts, body: string, sentAtMs: number): Granted | Unparseable {
  try {
    const answer = facts.readTokenAnswer(JSON.parse(body));
    if (answer.accessToken !== '') return { kind: 'granted', answer, body, sentAtMs };
  } catch {
    // Not even named as a cause: what a JSON parser complains of, it quotes.
  }
  const error = new LatchkeyError(
    'provider_unexpected',
    'the token endpoint gave an answer that cannot be read',
  );
  return { kind: 'unparseable', body, sentAtMs, error };
}
