import { type Answer, json } from '../../simulation/answer.ts';
import type { Route } from '../../simulation/router.ts';
import { refusalByFault } from '../faults/refusal-by-fault.ts';
import { oauthRefusal } from '../refusals.ts';
import type { World } from '../world.ts';
import { publicJwk } from './jwt.ts';

export const scopes = ['comfort.read', 'comfort.write'] as const;
/** What an OpenID client may ask for as well; it changes nothing. */
export const openIdScopes = ['openid', 'profile', 'offline_access'] as const;

/** The B2C tenant. As at B2C, the issuer is not the address at which the discovery document lies. */
const TENANT_ID = 'b0d7a4c1-3e5f-4c2a-9d18-6f7e8a9b0c1d';

export function issuerOf(world: World): string {
  return `${world.url}/${TENANT_ID}/v2.0/`;
}

/** The client id is the first path segment (contract 1.1). */
export function discoveryRoutes(world: World): Route[] {
  const forClient = (clientId: string | undefined, answer: () => unknown): Answer => {
    if (clientId !== world.state.application.clientId)
      return oauthRefusal(401, 'invalid_client', 'The client id does not exist');
    return refusalByFault(world, 'discovery') ?? json(200, answer());
  };
  return [
    {
      method: 'GET',
      path: '/:clientId/.well-known/openid-configuration',
      operation: 'discovery',
      handle: ({ parameters }) => forClient(parameters.clientId, () => configuration(world)),
    },
    {
      method: 'GET',
      path: '/:clientId/discovery/v2.0/keys',
      operation: 'discovery',
      handle: ({ parameters }) =>
        forClient(parameters.clientId, () => ({ keys: [publicJwk(world.state.keys)] })),
    },
  ];
}

function configuration(world: World) {
  return {
    issuer: issuerOf(world),
    authorization_endpoint: `${world.url}/authorize`,
    token_endpoint: `${world.url}/token`,
    jwks_uri: `${world.url}/${world.state.application.clientId}/discovery/v2.0/keys`,
    response_modes_supported: ['query'],
    response_types_supported: ['code'],
    scopes_supported: [...openIdScopes, ...scopes],
    subject_types_supported: ['pairwise'],
    id_token_signing_alg_values_supported: ['RS256'],
    token_endpoint_auth_methods_supported: ['client_secret_post'],
    claims_supported: ['aud', 'emails', 'exp', 'iat', 'iss', 'name', 'nonce', 'oid', 'sub'],
  };
}
