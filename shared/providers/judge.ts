/** Judges what a cloud's servers answer, by its tables of errors: the first row that matches counts. Pure. */
import type { LatchkeyError } from '../domain/error.ts';
import { type Condition, type ErrorRow, type GrantRow, type Meaning, toError } from './error-row.ts';
import type { GrantRefusal } from './provider.ts';
import type { Refusal } from './refusal.ts';
import type { ProviderAnswer } from './request.ts';

export interface Reading {
  /** Whether an answer refuses, whatever its status says. */
  readonly isRefusal: (answer: ProviderAnswer) => boolean;
  readonly readRefusal: (answer: ProviderAnswer) => Refusal;
  readonly apiRows: readonly ErrorRow[];
  /** For what no row of the API knows. */
  readonly undocumented: Meaning;
  readonly grantRows: readonly GrantRow[];
  /** For what no row of the token endpoint knows. */
  readonly undocumentedGrant: Omit<GrantRow, 'when'>;
  /** Whether the access token, and nothing else, is what was refused. */
  readonly isTokenRefused: Condition;
}

export interface Judge {
  /** The error that an answer of the API means, or `undefined` when it is no refusal. */
  judgeApiAnswer(answer: ProviderAnswer): LatchkeyError | undefined;
  /** The error that a refusing answer of the API means. */
  toApiError(answer: ProviderAnswer): LatchkeyError;
  /** Judges an answer of the token endpoint that is not a token set. */
  judgeGrantRefusal(answer: ProviderAnswer): GrantRefusal;
  isAccessTokenRefused(answer: ProviderAnswer): boolean;
}

export function createJudge(reading: Reading): Judge {
  const { isRefusal, readRefusal, apiRows, undocumented, grantRows, undocumentedGrant } = reading;

  function toApiError(answer: ProviderAnswer): LatchkeyError {
    const refusal = readRefusal(answer);
    return toError(apiRows.find(({ when }) => when(refusal)) ?? undocumented, refusal);
  }

  return {
    toApiError,
    judgeApiAnswer: (answer) => (isRefusal(answer) ? toApiError(answer) : undefined),
    judgeGrantRefusal(answer) {
      const refusal = readRefusal(answer);
      const row = grantRows.find(({ when }) => when(refusal)) ?? undocumentedGrant;
      const error = toError(row, refusal);
      const { retryAfterSeconds } = error.details;
      return { kind: row.kind, error, ...(retryAfterSeconds !== undefined && { retryAfterSeconds }) };
    },
    isAccessTokenRefused: (answer) => isRefusal(answer) && reading.isTokenRefused(readRefusal(answer)),
  };
}
