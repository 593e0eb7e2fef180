/** What the simulated cloud can say. Pure. */

export interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Whose call it was, for the log of requests. */
  readonly userId?: string;
}

export function json(status: number, body: unknown, headers: Record<string, string> = {}): Answer {
  return {
    status,
    headers: { 'content-type': 'application/json; charset=utf-8', ...headers },
    body: JSON.stringify(body),
  };
}

export function empty(status: number): Answer {
  return { status };
}

export function redirect(location: string, status: 302 | 303 = 302): Answer {
  return { status, headers: { location, 'cache-control': 'no-store' } };
}

/** Gateway and back end: `{statusCode, message}` (contract 2.2). */
export function refusal(statusCode: number, message: string, headers?: Record<string, string>): Answer {
  return json(statusCode, { statusCode, message }, headers);
}

/** Login proxy and token layer: `{message, code}` (contract 2.2). */
export function layerRefusal(status: number, message: string, code: number): Answer {
  return json(status, { message, code });
}

/** OAuth host (RFC 6749 §5.2). */
export function oauthRefusal(status: number, error: string, description: string): Answer {
  return json(status, { error, error_description: description }, { 'cache-control': 'no-store' });
}
