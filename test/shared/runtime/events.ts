/** Requests as API Gateway hands them to functions (payload format 2.0), and the invocations they come with. */
import type { APIGatewayProxyEventV2, Context } from 'aws-lambda';

export interface Request {
  /** As in the routes: `GET /v1/links/{linkId}`. */
  readonly routeKey: string;
  readonly token?: string;
  readonly headers?: Record<string, string>;
  readonly params?: Record<string, string>;
  readonly query?: Record<string, string>;
  readonly body?: unknown;
  /** The body as it is sent; else `body` as JSON. */
  readonly text?: string;
  readonly isBase64Encoded?: boolean;
  readonly cookies?: string[];
}

export const ARRIVED = Date.parse('2026-01-15T17:00:00Z');

export function toEvent(request: Request): APIGatewayProxyEventV2 {
  const { routeKey, token, headers, params, query, body, text, isBase64Encoded = false, cookies } = request;
  const [method = '', path = ''] = routeKey.split(' ');
  return {
    version: '2.0',
    routeKey,
    rawPath: path,
    rawQueryString: '',
    headers: { ...(token !== undefined && { authorization: `Bearer ${token}` }), ...headers },
    ...(params && { pathParameters: params }),
    ...(query && { queryStringParameters: query }),
    ...(cookies && { cookies }),
    ...(text !== undefined && { body: text }),
    ...(body !== undefined && { body: JSON.stringify(body) }),
    isBase64Encoded,
    requestContext: {
      accountId: '000000000000',
      apiId: 'api',
      domainName: 'api.example',
      domainPrefix: 'api',
      http: { method, path, protocol: 'HTTP/1.1', sourceIp: '127.0.0.1', userAgent: 'test' },
      requestId: 'request',
      routeKey,
      stage: '$default',
      time: '15/Jan/2026:17:00:00 +0000',
      timeEpoch: ARRIVED,
    },
  };
}

/** An invocation with so many milliseconds left. */
export function invocation(remainingMs = 29_000): Context {
  return { getRemainingTimeInMillis: () => remainingMs } as Context;
}
