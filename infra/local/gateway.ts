/** API Gateway's HTTP API: routes and integrations of the template, payload format 2.0. */
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { gatewayMessage, type HttpAnswer, toHttpAnswer } from './gateway/gateway-answer.ts';
import { pathOf, toGatewayEvent } from './gateway/gateway-event.ts';
import { createRouter, type GatewayRoute, type RouteMatch } from './gateway/gateway-routes.ts';
import { BodyTooLarge, readBody } from './http-server.ts';
import type { LambdaHost } from './lambda-host.ts';

/** API Gateway's own limit. */
const MAX_BODY_BYTES = 10 * 1024 * 1024;

export interface GatewayOptions {
  readonly routes: readonly GatewayRoute[];
  readonly invoke: LambdaHost['invoke'];
}

export function createGateway({ routes, invoke }: GatewayOptions): RequestListener {
  const findRoute = createRouter(routes);

  async function answer(request: IncomingMessage): Promise<HttpAnswer> {
    const match = findRoute(request.method ?? 'GET', pathOf(request));
    if (!match) return gatewayMessage(404, 'Not Found');
    const body = await readBody(request, MAX_BODY_BYTES);
    return within(match.route.timeoutMs, integrate(match, toGatewayEvent(request, body, match)));
  }

  async function integrate({ route }: RouteMatch, event: object): Promise<HttpAnswer> {
    const invocation = await invoke(route.functionName, event);
    const httpAnswer = invocation.kind === 'answered' ? toHttpAnswer(invocation.payload) : undefined;
    return httpAnswer ?? gatewayMessage(500, 'Internal Server Error');
  }

  return (request, response) => {
    answer(request).then(
      (httpAnswer) => send(response, httpAnswer, request.method === 'HEAD'),
      (error: unknown) => refuse(response, error),
    );
  };
}

function within(timeoutMs: number, answer: Promise<HttpAnswer>): Promise<HttpAnswer> {
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => resolve(gatewayMessage(503, 'Service Unavailable')), timeoutMs);
    answer.then(resolve, reject).finally(() => clearTimeout(late));
  });
}

/** A client that went away in the middle gets nothing, and harms nobody. */
function refuse(response: ServerResponse, error: unknown): void {
  if (error instanceof BodyTooLarge) {
    response.shouldKeepAlive = false;
    send(response, gatewayMessage(413, 'Request Entity Too Large'), false);
  } else if (!response.destroyed) {
    send(response, gatewayMessage(500, 'Internal Server Error'), false);
  }
}

/** Written as it is: a header that Node refuses would otherwise leave the client waiting. */
export function send(response: ServerResponse, { status, headers, body }: HttpAnswer, isHead: boolean): void {
  if (response.destroyed || response.headersSent) return;
  try {
    response.writeHead(status, { ...headers, 'content-length': body.length });
  } catch {
    const { headers: plain, body: message } = gatewayMessage(500, 'Internal Server Error');
    response.writeHead(500, { ...plain, 'content-length': message.length });
    response.end(message);
    return;
  }
  response.end(isHead ? undefined : body);
}
