import { randomUUID } from 'node:crypto';
import type { Answer } from '../../simulation/answer.ts';
import type { Route } from '../../simulation/router.ts';
import { refusalByFault } from '../faults/refusal-by-fault.ts';
import { signInPage } from '../pages/sign-in-page.ts';
import type { User } from '../state.ts';
import type { World } from '../world.ts';
import {
  type AuthorizationRequest,
  readAuthorizationRequest,
  replyUrlMismatch,
  sendBack,
  sendBackWith,
} from './authorization-request.ts';
import { newTokenId, opaqueToken } from './opaque-token.ts';

/** «Minutes; exact value unconfirmed» (contract 1.2). */
const CODE_LIFE_MS = 10 * 60_000;
/** For so long a code is still told that it has expired, or was used. */
const REMEMBERED_MS = 86_400_000;

/** The page and the form it posts: consent is asked by the same page that asks who it is. */
export function authorizeRoutes(world: World): Route[] {
  return [
    {
      method: 'GET',
      path: '/authorize',
      operation: 'authorize',
      handle: ({ query }) => {
        const judged = readAuthorizationRequest(world, query);
        if ('refused' in judged) return judged.refused;
        return interfered(world, judged.request) ?? signInPage(world, query);
      },
    },
    {
      method: 'POST',
      path: '/authorize',
      handle: ({ body }) => {
        const form = new URLSearchParams(body);
        const judged = readAuthorizationRequest(world, form);
        if ('refused' in judged) return judged.refused;
        return decide(world, judged.request, form);
      },
    },
  ];
}

function decide(world: World, request: AuthorizationRequest, form: URLSearchParams): Answer {
  if (form.get('decision') !== 'allow')
    return sendBack(
      request,
      'access_denied',
      `AADB2C90091: The user has cancelled entering self-asserted information.\r\nCorrelation ID: ${randomUUID()}\r\n`,
    );
  const email = (form.get('email') ?? '').trim().toLowerCase();
  const user = world.state.users.find((candidate) => candidate.email.toLowerCase() === email);
  if (user === undefined || user.password !== form.get('password'))
    return signInPage(world, form, 'This e-mail address and password do not belong together.');
  return { ...sendBackWith(request, { code: issueCode(world, request, user) }), userId: user.userId };
}

function issueCode(world: World, request: AuthorizationRequest, user: User): string {
  const now = world.clock.now();
  const grantId = randomUUID();
  const codeId = newTokenId();
  world.state.grants.push({
    grantId,
    userId: user.userId,
    scopes: [...request.scopes],
    ...(request.nonce !== undefined && { nonce: request.nonce }),
    revoked: false,
  });
  world.state.codes = world.state.codes.filter(({ expiresEpochMs }) => expiresEpochMs > now - REMEMBERED_MS);
  world.state.codes.push({
    codeId,
    grantId,
    redirectUri: request.redirectUri,
    issuedEpochMs: now,
    expiresEpochMs: now + CODE_LIFE_MS,
    used: false,
  });
  return opaqueToken(world.state.keys.opaqueSeed, codeId);
}

/** The faults that end a valid request before the page is shown. */
function interfered(world: World, request: AuthorizationRequest): Answer | undefined {
  const { faults } = world;
  if (faults.take('reply_url_mismatch', 'authorize')) return replyUrlMismatch(request.redirectUri);
  if (faults.take('deny', 'authorize')) return sendBack(request, 'access_denied', 'AADB2C90091: Simulated');
  const error = faults.take('oauth_error', 'authorize');
  return error ? sendBack(request, error.error, error.description) : refusalByFault(world, 'authorize');
}
