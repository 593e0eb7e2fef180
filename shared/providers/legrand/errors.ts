/** Judges what Legrand's servers answer, by the tables of its API and of its login. Pure: no I/O, no clock. */
import type { LatchkeyError } from '../../domain/error.ts';
import { type ErrorTable, toError } from '../error-row.ts';
import type { GrantRefusal } from '../provider.ts';
import type { ProviderAnswer } from '../request.ts';
import { apiRows, isTokenRefused, undocumented, withoutJson, withoutKey } from './api-rows.ts';
import { grantRows, undocumentedGrant } from './grant-rows.ts';
import { isRefusal, readRefusal } from './refusal.ts';

/** In the order in which they count, with what no row knows at the end. */
export const legrandErrors: ErrorTable = {
  cloud: 'Legrand',
  api: [...apiRows, withoutJson, withoutKey, undocumented],
  grants: [...grantRows, undocumentedGrant],
};

/** The error that an answer of the API means, or `undefined` when it is no refusal. */
export function judgeApiAnswer(answer: ProviderAnswer): LatchkeyError | undefined {
  return isRefusal(answer) ? toApiError(answer) : undefined;
}

/** The error that a refusing answer of the API means. */
export function toApiError(answer: ProviderAnswer): LatchkeyError {
  const refusal = readRefusal(answer);
  return toError(apiRows.find(({ when }) => when(refusal)) ?? undocumented, refusal);
}

/** Judges an answer of the token endpoint that is not a token set. */
export function judgeGrantRefusal(answer: ProviderAnswer): GrantRefusal {
  const refusal = readRefusal(answer);
  const row = grantRows.find(({ when }) => when(refusal)) ?? undocumentedGrant;
  const error = toError(row, refusal);
  const { retryAfterSeconds } = error.details;
  return { kind: row.kind, error, ...(retryAfterSeconds !== undefined && { retryAfterSeconds }) };
}

/** Whether the access token is what was refused: not so when the gateway blames the subscription key. */
export function isAccessTokenRefused(answer: ProviderAnswer): boolean {
  return isRefusal(answer) && isTokenRefused(readRefusal(answer));
}
