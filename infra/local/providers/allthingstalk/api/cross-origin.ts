import type { Answer } from '../../simulation/answer.ts';
import type { Call, Route } from '../../simulation/router.ts';

/** What stands in every answer: the server of a trace of 2020, and leave for browser programs (contract 1). */
export function crossOrigin({ headers }: Call, answer: Answer): Answer {
  return {
    ...answer,
    headers: {
      server: 'Mono-HTTPAPI/1.0',
      ...(headers.origin !== undefined && { 'access-control-allow-origin': '*' }),
      ...answer.headers,
    },
  };
}

/** Programs in browsers ask first, without a token. */
export function preflightRoutes(routes: readonly Route[]): Route[] {
  return [...new Set(routes.map(({ path }) => path))].map((path) => ({
    method: 'OPTIONS',
    path,
    lax: true,
    handle: (call) =>
      crossOrigin(call, {
        status: 200,
        headers: {
          'access-control-allow-methods': 'GET, POST, PUT, DELETE',
          'access-control-allow-headers': 'authorization, content-type',
          'access-control-max-age': '600',
        },
      }),
  }));
}
