import { type Answer, json } from '../../simulation/answer.ts';

/** 400 whatever it is, with a description that clients show (contract 2.4). */
export function oauthError(error: string, description: string, status = 400): Answer {
  return json(status, { error, error_description: description }, { 'cache-control': 'no-store' });
}

export function invalidGrant(description: string): Answer {
  return oauthError('invalid_grant', description);
}
