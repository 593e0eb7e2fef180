/** What stands before every call: token, limit, simulated refusals. */
import type { Answer } from '../../simulation/answer.ts';
import type { Call, Route } from '../../simulation/router.ts';
import type { ApiOperation } from '../faults/operation.ts';
import { refusalByFault } from '../faults/refusal-by-fault.ts';
import type { House } from '../house.ts';
import type { World } from '../world.ts';
import { type Access, describeAccess, identify } from './access.ts';
import { countCall } from './call-limit.ts';
import { crossOrigin, preflightRoutes } from './cross-origin.ts';
import { refusal } from './refusal.ts';

export interface ApiCall {
  readonly access: Access;
  readonly query: URLSearchParams;
  readonly body: string;
  /** The path's variables, decoded. */
  readonly parameters: Readonly<Record<string, string>>;
}

export interface ApiRoute {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly path: string;
  readonly operation: ApiOperation;
  readonly handle: (call: ApiCall) => Answer;
}

export function apiRoutes(world: World, house: House, routes: readonly ApiRoute[]): Route[] {
  const guarded = routes.map((route) => ({
    method: route.method,
    path: route.path,
    operation: route.operation,
    lax: true,
    handle: (call: Call) => crossOrigin(call, guard(world, house, route, call)),
  }));
  return [...guarded, ...preflightRoutes(guarded)];
}

function guard(world: World, house: House, { operation, handle }: ApiRoute, call: Call): Answer {
  const access = identify(world, call.headers);
  if (!access) return refusal(world, 401, world.state.settings.unauthorizedText);
  const answer = (): Answer => {
    const refused = countCall(world, access) ?? refusalByFault(world, operation);
    if (refused) return refused;
    const parameters = decoded(call.parameters);
    if (!parameters) return refusal(world, 400, 'The request is invalid.');
    house.compute();
    return handle({ access, query: call.query, body: call.body, parameters });
  };
  return { ...answer(), userId: describeAccess(access) };
}

function decoded(parameters: Readonly<Record<string, string>>): Record<string, string> | undefined {
  try {
    return Object.fromEntries(
      Object.entries(parameters).map(([name, value]) => [name, decodeURIComponent(value)]),
    );
  } catch {
    return undefined;
  }
}
