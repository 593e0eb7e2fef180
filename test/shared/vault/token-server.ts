/**
 * A small authorization server over real HTTP, with an API that its access tokens open. It can be told how to treat
 * spent refresh tokens, and what shall go wrong with the next requests.
 */
import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { ConnectionCut } from '../../../infra/local/aws/aws-endpoint.ts';
import { listen, readBody } from '../../../infra/local/http-server.ts';
import { legrandOauth } from '../../../shared/providers/legrand/oauth.ts';
import type { OauthFacts } from '../../../shared/providers/provider.ts';
import { createTokenFamilies, type RotationMode, type TokenPair } from './token-family.ts';

/** The server has not touched the grant. */
type RefusalFault =
  | 'throttled'
  | 'unavailable'
  | 'html'
  | 'invalid_grant'
  | 'invalid_client'
  | 'secret_expired'
  | 'terms_changed'
  | 'bad_request';
/** The server has rotated, and its answer is lost or odd. */
type AnswerFault =
  | 'half'
  | 'no_refresh_token'
  | 'junk'
  | 'no_access_token'
  | 'text_numbers'
  | 'absurd_life'
  | 'created';
/** The connection fails, before or after the server has rotated. */
type ConnectionFault = 'hang' | 'reset' | 'hang_committed' | 'reset_committed';
export type TokenFault = RefusalFault | AnswerFault | ConnectionFault;

export type TokenServer = Awaited<ReturnType<typeof startTokenServer>>;

/** What stands between a client and the token endpoint; a member may wait, or throw a {@link ConnectionCut}. */
export interface TokenWatch {
  /** Before the grant is touched; `path` is what the client asked for, such as `/token`. */
  before(path: string): Promise<void>;
  /** The answer is final, and not sent yet. */
  after(path: string): Promise<void>;
}

interface Refusal {
  readonly status: number;
  readonly headers?: Record<string, string>;
  readonly body: string;
}

const refusals: Record<RefusalFault, Refusal> = {
  throttled: { status: 429, headers: { 'retry-after': '120' }, body: '{"message":"slow down"}' },
  unavailable: { status: 503, body: '{}' },
  html: { status: 502, headers: { 'content-type': 'text/html' }, body: '<html>Bad Gateway</html>' },
  invalid_grant: { status: 400, body: '{"error":"invalid_grant"}' },
  invalid_client: { status: 401, body: '{"error":"invalid_client"}' },
  secret_expired: {
    status: 400,
    body: '{"error":"invalid_grant","error_description":"AADB2C90085: The service has encountered an error"}',
  },
  terms_changed: { status: 470, body: '{}' },
  bad_request: { status: 400, body: '{"error":"invalid_request"}' },
};

const ACCESS_LIFE_SECONDS = 3_600;

/** Paths may have any beginning, so that clients can be told apart by the address that they were given. */
export async function startTokenServer(mode: RotationMode = 'strict', watch?: TokenWatch) {
  const families = createTokenFamilies(mode);
  const codes = new Set<string>();
  const clientSecret = `client-secret-${randomUUID()}`;
  const faults: TokenFault[] = [];
  const counts = { exchanges: 0, grants: 0, inFlight: 0, mostInFlight: 0, calls: 0 };
  const state = { idToken: undefined as string | undefined, isKeyRefused: false };
  let held: Promise<void> = Promise.resolve();

  const server = await listen(async (request, response) => {
    const body = await readBody(request, 100_000);
    const { url: path = '' } = request;
    if (!path.endsWith('/token')) return answerApi(request, response);
    const form = new URLSearchParams(body.toString());
    await answerToken(path, form, response).catch((error) => {
      response.destroy();
      if (!(error instanceof ConnectionCut)) throw error;
    });
  }, 0);
  const credentials = { clientId: 'client-1', clientSecret };
  const facts: OauthFacts = legrandOauth(server.url, credentials);

  async function answerToken(path: string, form: URLSearchParams, response: ServerResponse): Promise<void> {
    await watch?.before(path);
    counts.exchanges++;
    counts.inFlight++;
    counts.mostInFlight = Math.max(counts.mostInFlight, counts.inFlight);
    response.on('close', () => counts.inFlight--);
    const fault = faults.shift();
    const refusal = fault && fault in refusals ? refusals[fault as RefusalFault] : undefined;
    const isTouched = !refusal && fault !== 'reset' && fault !== 'hang';
    const pair = isTouched ? grant(form, fault) : undefined;
    if (pair) counts.grants++;
    await watch?.after(path);
    await held;
    if (fault === 'hang' || fault === 'hang_committed') return;
    if (fault === 'reset' || fault === 'reset_committed') response.destroy();
    else if (pair) sendPair(response, pair, fault);
    else refuse(response, refusal ?? refusals.invalid_grant);
  }

  function refuse(response: ServerResponse, { status, headers, body }: Refusal): void {
    response.writeHead(status, headers).end(body);
  }

  function grant(form: URLSearchParams, fault: TokenFault | undefined): TokenPair | undefined {
    if (form.get('client_secret') !== clientSecret) return undefined;
    const refreshToken = form.get('refresh_token') ?? '';
    if (form.get('grant_type') === 'authorization_code')
      return codes.delete(form.get('code') ?? '') ? families.consent() : undefined;
    return fault === 'no_refresh_token' ? families.renew(refreshToken) : families.spend(refreshToken);
  }

  function sendPair(response: ServerResponse, pair: TokenPair, fault: TokenFault | undefined): void {
    const life = fault === 'absurd_life' ? 1e300 : ACCESS_LIFE_SECONDS;
    const answer = JSON.stringify({
      access_token: fault === 'no_access_token' ? undefined : pair.accessToken,
      refresh_token: fault === 'no_refresh_token' ? undefined : pair.refreshToken,
      expires_in: fault === 'text_numbers' ? String(life) : life,
      id_token: state.idToken,
      scope: 'comfort.read',
    });
    const status = fault === 'created' ? 201 : 200;
    response.writeHead(status, { 'content-type': 'application/json', 'content-length': answer.length });
    // Either a whole body that is not JSON, or one that ends before its announced length.
    if (fault === 'junk') response.end(`${answer.slice(0, -1)}!`);
    else if (fault === 'half') response.write(answer.slice(0, answer.length / 2), () => response.destroy());
    else response.end(answer);
  }

  function answerApi(request: IncomingMessage, response: ServerResponse) {
    counts.calls++;
    const accessToken = request.headers.authorization?.replace('Bearer ', '') ?? '';
    const isGood = !state.isKeyRefused && families.isAccessTokenGood(accessToken);
    response.writeHead(isGood ? 200 : 401).end(isGood ? 'welcome' : '{"message":"Unauthorized"}');
  }

  return {
    ...families,
    facts,
    counts,
    state,
    apiUrl: `${server.url}/api`,
    /** Everything that must never be shown. */
    secrets: () => [...families.issued, ...codes, clientSecret],
    consent: () => families.consent(),
    newCode(): string {
      const code = `code-${randomUUID()}`;
      codes.add(code);
      return code;
    },
    /** One for each of the next requests at the token endpoint. */
    failNext: (...next: TokenFault[]) => void faults.push(...next),
    /** What was to go wrong and has not yet, does not. */
    failNone(): void {
      faults.length = 0;
    },
    isAboutToHang: () => faults[0] === 'hang' || faults[0] === 'hang_committed',
    /** Answers of the token endpoint, already committed, wait until the returned function is called. */
    hold(): () => void {
      const { promise, resolve } = Promise.withResolvers<void>();
      held = promise;
      return resolve;
    },
    close: () => server.close(),
  };
}
