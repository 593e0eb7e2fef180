/** What the API's answers look like (contract 2.2 to 2.4). */
import { type Answer, json } from '../../simulation/answer.ts';
import type { Operation } from '../faults/operation.ts';
import { epochSeconds, type World } from '../world.ts';

/** Without a body: what write methods answer. */
export function success(world: World, rest: Readonly<Record<string, unknown>> = {}): Answer {
  return json(200, {
    status: 'ok',
    time_exec: 0.0213,
    time_server: epochSeconds(world.clock.now()),
    ...rest,
  });
}

/** `homestatus` has no time_exec. */
export function successOf(
  world: World,
  operation: Operation,
  body: unknown,
  { timeExec = true } = {},
): Answer {
  if (world.faults.take('without_times', operation)) return json(200, { status: 'ok', body });
  const server = epochSeconds(world.clock.now());
  return json(200, { status: 'ok', ...(timeExec && { time_exec: 0.0412 }), time_server: server, body });
}

/** The statuses that were seen with a code; those never seen are the contract's guesses (8.1). */
const statuses: Readonly<Record<number, number>> = {
  0: 500,
  2: 403,
  3: 403,
  7: 406,
  9: 404,
  11: 500,
  13: 403,
  26: 429,
  31: 404,
  35: 500,
  404: 404,
};

const messages: Readonly<Record<number, string>> = {
  0: 'Failed to connect to: mongo-replica:27017: connection timed out',
  1: 'Access token is missing',
  2: 'Invalid access token',
  3: 'Access token expired',
  7: 'Nothing to update',
  9: 'Device not found',
  10: 'Missing parameters',
  11: 'Internal error',
  13: 'Operation is forbidden',
  21: 'Invalid argument',
  26: 'Maximum api usage reached',
  40: 'JSON given has an invalid encoding',
  41: 'Device is unreachable',
};

export function apiError(code: number, message?: string, status?: number): Answer {
  return json(status ?? statusOf(code), errorBody(code, message));
}

function statusOf(code: number): number {
  return statuses[code] ?? 400;
}

function errorBody(code: number, message: string | undefined) {
  return { error: { code, message: message ?? messages[code] ?? `Error ${code}` } };
}

/** What the gateway before the API makes, for throttling above all: pretty, with CRLF (contract 2.3). */
export function prettyError(code: number, message?: string, status?: number): Answer {
  const body = JSON.stringify(errorBody(code, message), null, 2).replaceAll('\n', '\r\n');
  return { ...apiError(code, message, status), body };
}

export function notFound(): Answer {
  return apiError(404, 'Not Found');
}
