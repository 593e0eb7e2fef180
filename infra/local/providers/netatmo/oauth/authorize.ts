import { randomBytes, randomUUID } from 'node:crypto';
import { type Answer, redirect } from '../../simulation/answer.ts';
import type { Call, Route } from '../../simulation/router.ts';
import { refusalByFault } from '../faults/refusal-by-fault.ts';
import { consentPage } from '../pages/consent-page.ts';
import type { User } from '../state.ts';
import type { World } from '../world.ts';
import { type AuthorizationRequest, readAuthorizationRequest, sendBack } from './authorization-request.ts';
import { oauthError } from './oauth-error.ts';
import { hashOf } from './tokens.ts';

/** How long a code lives is not known (contract 8.3). */
const CODE_LIFE_MS = 10 * 60_000;
const AUTHORIZE_PATH = '/oauth2/authorize';
const CONSENT_PATH = '/oauth2/consent';

/** The page, its POST form for applications, and where the page's own form goes. */
export function authorizeRoutes(world: World): Route[] {
  return [
    {
      method: 'GET',
      path: AUTHORIZE_PATH,
      operation: 'authorize',
      handle: ({ query }) => {
        const judged = readAuthorizationRequest(world, query);
        if ('refused' in judged) return judged.refused;
        return interfered(world, judged.request) ?? consentPage(world, query, judged.request.scopes);
      },
    },
    {
      method: 'POST',
      path: AUTHORIZE_PATH,
      operation: 'authorize',
      handle: ({ query, body }) => {
        const fields = new URLSearchParams([...query, ...new URLSearchParams(body)]);
        const judged = readAuthorizationRequest(world, fields);
        if ('refused' in judged) return judged.refused;
        return interfered(world, judged.request) ?? redirect(`${world.url}${AUTHORIZE_PATH}?${fields}`);
      },
    },
    { method: 'POST', path: CONSENT_PATH, handle: (call) => consent(world, call) },
  ];
}

function consent(world: World, { body }: Call): Answer {
  const form = new URLSearchParams(body);
  const judged = readAuthorizationRequest(world, form);
  if ('refused' in judged) return judged.refused;
  const { request } = judged;
  if (form.get('decision') !== 'allow') return sendBack(request, { error: 'access_denied' });
  const user = whoIsIt(world, form);
  if (!user)
    return consentPage(world, form, request.scopes, 'This e-mail address and password do not match.');
  return { ...sendBack(request, { code: issueCode(world, request, user) }), userId: user.userId };
}

function whoIsIt({ state }: World, form: URLSearchParams): User | undefined {
  if (!form.has('email')) return state.users.find(({ userId }) => userId === state.signedInUserId);
  const email = form.get('email')?.trim().toLowerCase();
  const user = state.users.find((candidate) => candidate.email.toLowerCase() === email);
  return user?.password === form.get('password') ? user : undefined;
}

function issueCode({ state, clock }: World, request: AuthorizationRequest, { userId }: User): string {
  const code = randomBytes(16).toString('hex');
  const grantId = randomUUID();
  state.grants.push({ grantId, userId, scopes: [...request.scopes] });
  state.codes = state.codes.filter(({ expiresEpochMs }) => expiresEpochMs > clock.now());
  state.codes.push({
    codeHash: hashOf(code),
    grantId,
    redirectUri: request.redirectUri,
    expiresEpochMs: clock.now() + CODE_LIFE_MS,
  });
  return code;
}

/** The faults that end a valid request before the page is shown. */
function interfered(world: World, request: AuthorizationRequest): Answer | undefined {
  const { faults } = world;
  if (faults.take('deny', 'authorize')) return sendBack(request, { error: 'access_denied' });
  if (faults.take('redirect_uri_mismatch', 'authorize')) return oauthError('redirect_uri_mismatch');
  const error = faults.take('oauth_error', 'authorize');
  return error ? sendBack(request, { error: error.error }) : refusalByFault(world, 'authorize');
}
