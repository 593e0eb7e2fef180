/** From an HTTP request to an action and back: routing, access, validation, answers and problems, for every function. */
import middy from '@middy/core';
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2, Context } from 'aws-lambda';
import type * as z from 'zod';
import { prefersJson } from '../api/accept.ts';
import { Answered } from '../api/answered.ts';
import { ACCESS_REFUSED } from '../api/log-words.ts';
import { pageHeaders, problemPage } from '../api/page.ts';
import type { HttpFunction, Route } from '../api/route.ts';
import { routes } from '../api/routes.ts';
import { type Access, assertScope } from '../domain/access.ts';
import { LatchkeyError } from '../domain/error.ts';
import { errorPolicy } from '../domain/error-policy.ts';
import { toProblem } from '../domain/problem.ts';
import { parseJson } from '../domain/text.ts';
import { authenticate } from './access.ts';
import { CONNECTION_LIFE_MS, keepConnection } from './connection.ts';
import { noteInvocation } from './deadline.ts';
import { createLog } from './log.ts';
import { withQuotaHeaders } from './spent-quota.ts';

type Routes = typeof routes;
type RoutesOf<F extends HttpFunction> = {
  [K in keyof Routes as Routes[K]['function'] extends F ? K : never]: Routes[K];
};
type Parsed<R, P extends string> = R extends { readonly [K in P]: infer S extends z.ZodType }
  ? z.infer<S>
  : undefined;
type SuccessOf<R extends Route> = R['answers'][keyof R['answers'] & (200 | 201 | 202)];

export interface RouteInput<R extends Route> {
  readonly params: Parsed<R, 'params'>;
  readonly query: Parsed<R, 'query'>;
  readonly headers: Parsed<R, 'headers'>;
  readonly body: Parsed<R, 'body'>;
  /** Whether a person's browser is to be answered, with a page. */
  readonly forPerson: boolean;
  /** The caller's access; on a public route there is none. */
  readonly access: R['scope'] extends 'public' ? undefined : Access;
  readonly event: APIGatewayProxyEventV2;
}

/** An answer that is not JSON: a page, a redirect or nothing. */
export interface Reply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly cookies?: string[];
  readonly body?: string;
}

/** A route for programs and for browsers answers the former with `Answered`. */
type Answer<R extends Route> = R['page'] extends 'form'
  ? Answered<z.input<Extract<SuccessOf<R>, z.ZodType>>> | Reply
  : PlainAnswer<R>;

type PlainAnswer<R extends Route> = [SuccessOf<R>] extends [never]
  ? Reply
  : SuccessOf<R> extends z.ZodType
    ? z.input<SuccessOf<R>> | Answered<z.input<SuccessOf<R>>>
    : Reply;

/** A handler for every route of the function; one that is missing does not compile. */
export type Handlers<F extends HttpFunction, D> = {
  [K in keyof RoutesOf<F>]: RoutesOf<F>[K] extends Route
    ? (deps: D, input: RouteInput<RoutesOf<F>[K]>) => Promise<Answer<RoutesOf<F>[K]>>
    : never;
};

/** `connect` runs with the first request and is kept by the warm function; a failed one is tried again. */
export function httpEntry<F extends HttpFunction, D>(
  name: F,
  connect: () => Promise<D>,
  handlers: Handlers<F, D>,
) {
  const own = Object.entries(routes as Record<string, Route>).filter(([, route]) => route.function === name);
  const byKey = new Map(own.map(([key, route]) => [`${route.method} ${route.path}`, { key, route }]));
  const log = createLog();
  const connected = keepConnection(connect, CONNECTION_LIFE_MS);

  const handle = async (event: APIGatewayProxyEventV2): Promise<APIGatewayProxyStructuredResultV2> => {
    const found = byKey.get(event.routeKey);
    if (!found) throw new LatchkeyError('route_unknown', 'there is no such route');
    const { key, route } = found;
    const access = await admit(route, event);
    const forPerson = isForPerson(route, event);
    const input = { ...parseInput(route, event), access, event, forPerson };
    // The key was taken from the same table that typed the handlers.
    const handler = handlers[key as keyof Handlers<F, D>] as (deps: D, input: unknown) => Promise<unknown>;
    return toResult(route, await handler(await connected(), input), forPerson);
  };

  /** Requests that present nothing are not attempts: a browser or a health check strays here as well. */
  const noteRefusal = ({ headers, requestContext, routeKey }: APIGatewayProxyEventV2) => {
    if (headers.authorization === undefined) return;
    log.warn(ACCESS_REFUSED, { address: requestContext.http.sourceIp, route: routeKey });
  };

  const entry = middy<APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2>()
    .before(({ context }) => noteInvocation(context))
    .onError((request) => {
      const error = toLatchkeyError(request.error);
      const { status } = errorPolicy[error.code];
      if (error.code === 'access_unauthenticated') noteRefusal(request.event);
      if (status >= 500)
        log.failure('request failed', request.error, { route: request.event.routeKey, code: error.code });
      const route = byKey.get(request.event.routeKey)?.route;
      request.response = problemResult(error, route !== undefined && isForPerson(route, request.event));
    })
    .handler(handle);
  return (event: APIGatewayProxyEventV2, context: Context) =>
    withQuotaHeaders(async () => await entry(event, context));
}

/** @throws {LatchkeyError} access_unauthenticated, access_forbidden */
async function admit({ scope }: Route, { headers }: APIGatewayProxyEventV2): Promise<Access | undefined> {
  if (scope === 'public') return undefined;
  const access = await authenticate(headers.authorization);
  assertScope(access, scope);
  return access;
}

function parseInput(route: Route, event: APIGatewayProxyEventV2) {
  const fields: Record<string, string> = {};
  const parse = (schema: z.ZodType | undefined, value: unknown) => {
    if (!schema) return undefined;
    const result = schema.safeParse(value);
    if (result.success) return result.data;
    for (const { path, message } of plainIssues(result.error.issues))
      fields[path.join('.') || 'body'] = message;
    return undefined;
  };
  const input = {
    params: parse(route.params, event.pathParameters ?? {}),
    query: parse(route.query, event.queryStringParameters ?? {}),
    headers: parse(route.headers, event.headers),
    body: route.body && parse(route.body, parseBody(route, event)),
  };
  if (Object.keys(fields).length === 0) return input;
  const list = Object.entries(fields).map(([field, reason]) => `${field}: ${reason}`);
  throw new LatchkeyError('request_invalid', list.join('; '), { details: { fields } });
}

/** Of what can be one of several kinds, the issues of the kind that it comes nearest to; of all that are as near. */
function plainIssues(issues: readonly z.core.$ZodIssue[]): Pick<z.core.$ZodIssue, 'path' | 'message'>[] {
  return issues.flatMap((issue) => {
    if (issue.code !== 'invalid_union' || issue.errors.length === 0) return [issue];
    const kinds = issue.errors.map(plainIssues);
    const fewest = Math.min(...kinds.map(({ length }) => length));
    return kinds
      .filter(({ length }) => length === fewest)
      .flat()
      .map(({ path, message }) => ({ path: [...issue.path, ...path], message }));
  });
}

function parseBody({ page }: Route, event: APIGatewayProxyEventV2): unknown {
  const { body = '', isBase64Encoded } = event;
  const text = isBase64Encoded ? Buffer.from(body, 'base64').toString('utf8') : body;
  if (page === 'form' && isForm(event)) return Object.fromEntries(new URLSearchParams(text));
  const parsed = parseJson(text);
  if (parsed === undefined)
    throw new LatchkeyError('request_invalid', 'the body is not JSON', {
      details: { fields: { body: 'is not JSON' } },
    });
  return parsed;
}

/** Whether a page is what to answer with. */
function isForPerson({ method, page, toPage }: Route, event: APIGatewayProxyEventV2): boolean {
  if (page === 'form' && method === 'POST') return isForm(event);
  const mayChoose = page === 'form' || toPage !== undefined;
  return page === true || (mayChoose && !prefersJson(event.headers.accept));
}

/** Whether it is what the form of a page sends. */
function isForm({ headers }: APIGatewayProxyEventV2): boolean {
  return /^application\/x-www-form-urlencoded\b/i.test(headers['content-type'] ?? '');
}

function toReply({ status, ...rest }: Reply): APIGatewayProxyStructuredResultV2 {
  return { statusCode: status, ...rest };
}

function toResult(route: Route, result: unknown, forPerson: boolean): APIGatewayProxyStructuredResultV2 {
  if (route.page === 'form' && !(result instanceof Answered)) return toReply(result as Reply);
  const {
    body: answer,
    status: chosen,
    headers,
  } = result instanceof Answered ? result : new Answered(result, {});
  const status = chosen ?? Number(Object.keys(route.answers)[0]);
  const schema = route.answers[status];
  if (!schema) return toReply(answer as Reply);
  // Encoding through the schema drops whatever the answer was not meant to show.
  const shown = schema.parse(answer);
  const { toPage } = route;
  return {
    statusCode: status,
    ...(forPerson && toPage
      ? { headers: { ...pageHeaders }, body: toPage(shown as never) }
      : {
          headers: { ...headers, 'content-type': 'application/json', 'cache-control': 'no-store' },
          body: JSON.stringify(shown),
        }),
  };
}

function toLatchkeyError(error: unknown): LatchkeyError {
  if (error instanceof LatchkeyError) return error;
  return new LatchkeyError('internal_error', 'Latchkey failed', { cause: error });
}

function problemResult(error: LatchkeyError, asPage: boolean): APIGatewayProxyStructuredResultV2 {
  const problem = toProblem(error);
  const { retryAfterSeconds } = error.details;
  const headers: Record<string, string> = {
    'content-type': 'application/problem+json',
    'cache-control': 'no-store',
  };
  if (retryAfterSeconds !== undefined) headers['retry-after'] = String(Math.ceil(retryAfterSeconds));
  const challenge = challengeOf(error);
  if (challenge !== undefined) headers['www-authenticate'] = challenge;
  return asPage
    ? { statusCode: problem.status, headers: { ...pageHeaders }, body: problemPage(problem) }
    : { statusCode: problem.status, headers, body: JSON.stringify(problem) };
}

/** @see RFC 6750 §3 */
function challengeOf({ code, details: { scopes } }: LatchkeyError): string | undefined {
  if (code === 'access_unauthenticated') return 'Bearer';
  if (code !== 'access_forbidden') return undefined;
  return `Bearer error="insufficient_scope"${scopes ? `, scope="${scopes.join(' ')}"` : ''}`;
}
