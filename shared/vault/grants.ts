/** The two grants: one function sends, another judges; neither stores anything. */
import { LatchkeyError } from '../domain/error.ts';
import type { GrantRefusal, OauthFacts, TokenAnswer } from '../providers/provider.ts';
import type { ProviderAnswer, Send } from '../providers/request.ts';
import { EXCHANGE_TIMEOUT_MS } from './lease.ts';

export type GrantOutcome =
  | {
      readonly kind: 'granted';
      readonly answer: TokenAnswer;
      /** The answer as it came, for the escrow. */
      readonly body: string;
      readonly sentAtMs: number;
    }
  /** A 200 that makes no sense: the token is probably spent, and its child is in these bytes. */
  | {
      readonly kind: 'unparseable';
      readonly body: string;
      readonly sentAtMs: number;
      readonly error: LatchkeyError;
    }
  /** No answer. `not_spent` when the request never left. */
  | { readonly kind: 'no_answer'; readonly sent: boolean; readonly error: LatchkeyError }
  | GrantRefusal;

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
  return exchange(
    facts,
    { grant_type: 'authorization_code', code: wish.code, redirect_uri: wish.redirectUri },
    send,
    now,
  );
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
    answer = await send({
      method: 'POST',
      url: facts.tokenUrl,
      headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' },
      body: new URLSearchParams({
        ...grant,
        client_id: facts.clientId,
        client_secret: facts.clientSecret,
      }).toString(),
      timeoutMs: EXCHANGE_TIMEOUT_MS,
    });
  } catch (error) {
    if (!(error instanceof LatchkeyError)) throw error;
    return { kind: 'no_answer', sent: error.details.sent ?? true, error };
  }
  return judge(facts, answer, sentAtMs);
}

function judge(facts: OauthFacts, answer: ProviderAnswer, sentAtMs: number): GrantOutcome {
  if (answer.status !== 200) return facts.judgeRefusal(answer);
  try {
    const { body } = answer;
    return { kind: 'granted', answer: facts.readTokenAnswer(JSON.parse(body)), body, sentAtMs };
  } catch (error) {
    if (!(error instanceof LatchkeyError || error instanceof SyntaxError)) throw error;
    return {
      kind: 'unparseable',
      body: answer.body,
      sentAtMs,
      error: new LatchkeyError(
        'provider_unexpected',
        'the token endpoint gave an answer that cannot be read',
        {
          cause: error,
        },
      ),
    };
  }
}
