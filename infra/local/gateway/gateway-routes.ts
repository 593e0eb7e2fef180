import * as z from 'zod';
import { LatchkeyError } from '../../../shared/domain/error.ts';
import { functionNameIn } from '../template/local-identity.ts';
import type { LocatedResource, Template } from '../template.ts';

const RouteProperties = z.looseObject({ RouteKey: z.string(), Target: z.string() });
const IntegrationProperties = z.looseObject({
  IntegrationType: z.literal('AWS_PROXY'),
  IntegrationUri: z.string(),
  PayloadFormatVersion: z.literal('2.0'),
  /** API Gateway's default, and the longest there is. */
  TimeoutInMillis: z.number().max(30_000).default(30_000),
});

export interface GatewayRoute {
  /** Such as `GET /v1/links/{linkId}`, or `$default`. */
  readonly routeKey: string;
  readonly functionName: string;
  readonly timeoutMs: number;
}

export interface RouteMatch {
  readonly route: GatewayRoute;
  readonly pathParameters: Readonly<Record<string, string>>;
}

/** @throws {LatchkeyError} config_invalid – when a route or its integration is of a kind not known here */
export function readRoutes(template: Template): GatewayRoute[] {
  const integrations = new Map(
    template.resources('AWS::ApiGatewayV2::Integration').map((resource) => {
      const { IntegrationUri, TimeoutInMillis } = parse(IntegrationProperties, resource);
      return [
        resource.physicalName,
        { functionName: functionNameIn(IntegrationUri), timeoutMs: TimeoutInMillis },
      ];
    }),
  );
  return template.resources('AWS::ApiGatewayV2::Route').map((resource) => {
    const { RouteKey, Target } = parse(RouteProperties, resource);
    const integration = integrations.get(Target.replace('integrations/', ''));
    if (!integration) throw new LatchkeyError('config_invalid', `route ${RouteKey} has no integration`);
    return { routeKey: RouteKey, ...integration };
  });
}

function parse<T>(schema: z.ZodType<T>, { stack, logicalId, properties }: LocatedResource): T {
  const result = schema.safeParse(properties());
  if (result.success) return result.data;
  throw new LatchkeyError('config_invalid', `${stack}, ${logicalId}: ${z.prettifyError(result.error)}`);
}

/**
 * Finds the route of a decoded path as API Gateway does: the most specific path wins, then the method before `ANY`, then `$default`.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-routes.html
 */
export function createRouter(routes: readonly GatewayRoute[]) {
  const candidates = routes
    .filter(({ routeKey }) => routeKey !== '$default')
    .map(toCandidate)
    .toSorted((a, b) => (a.rank < b.rank ? -1 : 1));
  const fallback = routes.find(({ routeKey }) => routeKey === '$default');

  return (method: string, path: string): RouteMatch | undefined => {
    for (const { route, method: wanted, pattern } of candidates) {
      if (wanted !== method && wanted !== 'ANY') continue;
      const found = pattern.exec(path);
      if (found) return { route, pathParameters: { ...found.groups } };
    }
    return fallback && { route: fallback, pathParameters: {} };
  };
}

function toCandidate(route: GatewayRoute) {
  const [method = '', path = ''] = route.routeKey.split(' ');
  const segments = path.split('/').slice(1);
  const pattern = segments.map((segment) => {
    const name = /^\{(\w+)(\+?)\}$/.exec(segment);
    if (!name) return segment.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
    return name[2] ? `(?<${name[1]}>.+)` : `(?<${name[1]}>[^/]+)`;
  });
  // Compared segment by segment: fixed text (0) before a parameter (1) before the rest of the path (2).
  const kinds = segments.map((segment) =>
    segment.startsWith('{') ? (segment.includes('+') ? '2' : '1') : '0',
  );
  const rank = `${kinds.join('')}3 ${method === 'ANY' ? 1 : 0}`;
  return { route, method, pattern: new RegExp(`^/${pattern.join('/')}$`), rank };
}
