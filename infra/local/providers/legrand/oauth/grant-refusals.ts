/** How Azure AD B2C words its refusals; the texts hold CR/LF pairs (contract 1.6). */
import { randomUUID } from 'node:crypto';
import type { Answer } from '../../simulation/answer.ts';
import { oauthRefusal } from '../refusals.ts';

interface GrantTimes {
  readonly issuedEpochMs: number;
  readonly expiresEpochMs: number;
}

const inSeconds = (epochMs: number) => Math.floor(epochMs / 1000);

function invalidGrant(text: string, nowEpochMs: number): Answer {
  const timestamp = new Date(nowEpochMs).toISOString().replace('T', ' ').replace(/\.\d+/, '');
  const tail = `\r\nCorrelation ID: ${randomUUID()}\r\nTimestamp: ${timestamp}\r\n`;
  return oauthRefusal(400, 'invalid_grant', `${text}${tail}`);
}

export function grantExpired(nowEpochMs: number, times: GrantTimes): Answer {
  return invalidGrant(
    'AADB2C90080: The provided grant has expired. Please re-authenticate and try again. ' +
      `Current time: ${inSeconds(nowEpochMs)}, Grant issued time: ${inSeconds(times.issuedEpochMs)}, ` +
      `Grant expiration time: ${inSeconds(times.expiresEpochMs)}`,
    nowEpochMs,
  );
}

/** Also for a code or token that was used already, and for one nobody ever issued. */
export function grantRevoked(nowEpochMs: number): Answer {
  return invalidGrant(
    'AADB2C90129: The provided grant has been revoked. Please reauthenticate and try again.',
    nowEpochMs,
  );
}

export function grantForOtherEndpoint(nowEpochMs: number): Answer {
  return invalidGrant('AADB2C90088: The provided grant has not been issued for this endpoint.', nowEpochMs);
}

/** Seen when the client secret had expired: the operator's fault, though it reads like the user's. */
export function secretExpired(nowEpochMs: number): Answer {
  return invalidGrant(
    'AADB2C90085: The service has encountered an internal error. Please reauthenticate and try again.',
    nowEpochMs,
  );
}
