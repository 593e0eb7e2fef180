/** What stands before every method of the API (contract 9): token, quota, simulated refusals, scope. */
import type { Answer } from '../../simulation/answer.ts';
import type { Call, Route } from '../../simulation/router.ts';
import type { ApiOperation } from '../faults/operation.ts';
import { refusalByFault } from '../faults/refusal-by-fault.ts';
import { findAccess } from '../oauth/tokens.ts';
import type { World } from '../world.ts';
import { apiError, notFound } from './envelope.ts';
import { type Parameters, readParameters } from './parameters.ts';
import { countCall, createConcurrencyLimit } from './quota.ts';

export interface Caller {
  readonly userId: string;
  readonly scopes: readonly string[];
  readonly parameters: Parameters;
}

export interface ApiMethod {
  readonly operation: ApiOperation;
  /** One of them is enough; none: any token will do. */
  readonly scopes: readonly string[];
  readonly handle: (caller: Caller) => Answer;
}

/** Every method by GET and by POST: production takes both. */
export function apiRoutes(world: World, methods: readonly ApiMethod[]): Route[] {
  const limit = createConcurrencyLimit(world);
  const known = methods.flatMap((method) =>
    (['GET', 'POST'] as const).map((verb) => ({
      method: verb,
      path: `/api/${method.operation}`,
      operation: method.operation,
      handle: (call: Call) => guard(world, limit, method, call),
    })),
  );
  const unknown = ['GET', 'POST'].map((verb) => ({ method: verb, path: '/api/:name', handle: notFound }));
  return [...known, ...unknown];
}

function guard(
  world: World,
  limit: ReturnType<typeof createConcurrencyLimit>,
  method: ApiMethod,
  call: Call,
): Answer {
  const parameters = readParameters(call);
  const token = /^Bearer (.+)$/i.exec(call.headers.authorization ?? '')?.[1];
  const text = token ?? parameters?.text('access_token');
  if (text === undefined) return apiError(1);
  const access = findAccess(world, text);
  if (!access) return apiError(2);
  const { userId, scopes } = access.grant;
  const answer = (): Answer => {
    if (world.clock.now() >= access.pair.accessExpiresEpochMs) return apiError(3);
    const refused =
      countCall(world, userId) ?? limit.enter(userId) ?? refusalByFault(world, method.operation);
    if (refused) return refused;
    if (!parameters) return apiError(40);
    if (method.scopes.length > 0 && !method.scopes.some((scope) => scopes.includes(scope)))
      return apiError(13, 'Application does not have the good scope rights');
    return method.handle({ userId, scopes, parameters });
  };
  return { ...answer(), userId };
}
