import { type Answer, json } from '../../simulation/answer.ts';

interface OauthErrorOptions {
  readonly description?: string | undefined;
  readonly status?: number;
}

/** Flat, and 400 whatever it is (contract 1.4). */
export function oauthError(error: string, { description, status = 400 }: OauthErrorOptions = {}): Answer {
  const body = { error, ...(description !== undefined && { error_description: description }) };
  return json(status, body, { 'cache-control': 'no-store', pragma: 'no-cache' });
}
