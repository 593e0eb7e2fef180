/** What stands before every API operation (contract 2): both headers, the quota, the simulated refusals, the scope. */
import type { Answer } from '../../simulation/answer.ts';
import type { Call, Route } from '../../simulation/router.ts';
import type { Operation } from '../faults/operation.ts';
import { refusalByFault } from '../faults/refusal-by-fault.ts';
import { type AccessClaims, readAccessToken } from '../oauth/jwt.ts';
import { API_RESOURCE } from '../oauth/token-answer.ts';
import { refusal } from '../refusals.ts';
import type { World } from '../world.ts';
import { countCall, refuseBurst } from './quota.ts';

export const API_PATH = '/smarther/v2.0';

export interface ApiRoute {
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly path: string;
  readonly operation: Operation;
  readonly scope: 'comfort.read' | 'comfort.write';
  readonly handle: (call: Call, userId: string) => Answer;
}

export function guarded(world: World, route: ApiRoute): Route {
  return {
    method: route.method,
    path: `${API_PATH}${route.path}`,
    operation: route.operation,
    handle: (call) => {
      const keyRefused = refuseKey(world, call);
      if (keyRefused) return keyRefused;
      const caller = identify(world, call);
      if ('refused' in caller) return caller.refused;
      return { ...admit(world, route, call, caller.claims), userId: caller.claims.oid };
    },
  };
}

/** From here on the call counts against the user's quota, whatever comes of it. */
function admit(world: World, route: ApiRoute, call: Call, claims: AccessClaims): Answer {
  const spent = countCall(world, claims.oid);
  if (spent) return spent;
  if (world.clock.now() >= claims.exp * 1000)
    return refusal(401, 'Unauthorized. Access token is missing or expired.');
  const interfered =
    refuseBurst(world, claims.oid, route.operation) ?? refusalByFault(world, route.operation);
  if (interfered) return interfered;
  if (!acceptsJson(call.headers.accept)) return refusal(406, 'Not acceptable');
  if (!claims.scp.split(' ').includes(route.scope))
    return refusal(403, `The scope ${route.scope} is missing`);
  return route.handle(call, claims.oid);
}

function refuseKey({ state }: World, { headers }: Call): Answer | undefined {
  const key = headers['ocp-apim-subscription-key'];
  if (!key)
    return refusal(
      401,
      'Access denied due to missing subscription key. Make sure to include subscription key when making requests to an API.',
    );
  if (key !== state.application.subscriptionKey)
    return refusal(
      401,
      'Access denied due to invalid subscription key. Make sure to provide a valid key for an active subscription.',
    );
  return undefined;
}

function identify({ state }: World, { headers }: Call): { claims: AccessClaims } | { refused: Answer } {
  const token = /^Bearer (\S+)$/i.exec(headers.authorization ?? '')?.[1];
  const claims = token === undefined ? undefined : readAccessToken(state.keys, token);
  const grant = state.grants.find(({ grantId }) => grantId === claims?.grant);
  // An id token is signed as well, but its audience is the application.
  if (!claims || claims.aud !== API_RESOURCE || !grant || grant.revoked)
    return { refused: refusal(401, 'Unauthorized') };
  return { claims };
}

function acceptsJson(accept: string | undefined): boolean {
  return accept === undefined || /\*\/\*|application\/(json|\*)/i.test(accept);
}
