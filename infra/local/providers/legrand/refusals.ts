/** How Legrand's layers refuse. Pure. */
import { type Answer, json } from '../simulation/answer.ts';

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
