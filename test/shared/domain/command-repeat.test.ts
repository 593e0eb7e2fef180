import { describe, expect, test } from 'vitest';
import { type FailedAttempt, judgeAttempt, type Verdict } from '../../../shared/domain/command-repeat.ts';
import {
  type ErrorCode,
  type ErrorDetails,
  LatchkeyError,
  type Repeat,
} from '../../../shared/domain/error.ts';

const FOREVER = Number.POSITIVE_INFINITY;
const first: FailedAttempt = {
  attempts: 1,
  isIdempotent: true,
  hasLeft: true,
  expiresInSeconds: FOREVER,
};
const judge = (code: ErrorCode, details: ErrorDetails, attempt: Partial<FailedAttempt> = {}): Verdict =>
  judgeAttempt(new LatchkeyError(code, 'refused', { details }), { ...first, ...attempt });

const provider = { status: 500 };
const busy: Repeat = { afterSeconds: 10, times: 3, pauses: 'same', effect: 'none' };
const backOff: Repeat = { afterSeconds: 2, times: 2, pauses: 'double', effect: 'possible' };
const failed = { kind: 'failed' };
const repeated = (afterSeconds: number) => ({ kind: 'repeat', afterSeconds });

describe('a refusal', () => {
  test.each<[string, ErrorCode, ErrorDetails, Partial<FailedAttempt>, unknown]>([
    ['without a rule fails', 'provider_rejected', { provider }, {}, failed],
    ['with one is repeated', 'module_busy', { repeat: busy }, {}, repeated(10)],
    ['is repeated after the same pause', 'module_busy', { repeat: busy }, { attempts: 3 }, repeated(10)],
    ['is repeated so often', 'module_busy', { repeat: busy }, { attempts: 4 }, failed],
    ['is repeated', 'provider_unavailable', { provider, repeat: backOff }, {}, repeated(2)],
    [
      'doubles its pause',
      'provider_unavailable',
      { provider, repeat: backOff },
      { attempts: 2 },
      repeated(4),
    ],
    ['does so twice', 'provider_unavailable', { provider, repeat: backOff }, { attempts: 3 }, failed],
    [
      'that names a time is repeated then',
      'provider_unavailable',
      { provider, repeat: backOff, retryAfterSeconds: 30 },
      {},
      repeated(30),
    ],
    [
      'that may have worked fails where twice is not once',
      'provider_unavailable',
      { provider, repeat: backOff },
      { isIdempotent: false },
      failed,
    ],
    ['that had no effect does not', 'module_busy', { repeat: busy }, { isIdempotent: false }, repeated(10)],
  ])('%s (%s)', (_, code, details, attempt, verdict) => {
    expect(judge(code, details, attempt)).toEqual(verdict);
  });
});

describe('too many calls', () => {
  const told = (retryAfterSeconds: number) => ({ provider, retryAfterSeconds });
  test.each<[string, ErrorDetails, Partial<FailedAttempt>, unknown]>([
    ['are repeated when told', told(17), {}, repeated(17)],
    ['are repeated also where twice is not once', told(17), { isIdempotent: false }, repeated(17)],
    ['wait for five minutes', told(300), {}, repeated(300)],
    ['wait no longer', told(301), {}, failed],
    ['fail where nothing is told', { provider }, {}, failed],
    ['fail after three repeats', told(17), { attempts: 4 }, failed],
    ['fail where the command expires before', told(17), { expiresInSeconds: 17 }, failed],
  ])('%s', (_, details, attempt, verdict) => {
    expect(judge('provider_throttled', details, attempt)).toEqual(verdict);
  });
});

describe('no answer', () => {
  test.each<[string, ErrorDetails, Partial<FailedAttempt>, unknown]>([
    ['to what has left is unknown', { sent: true }, {}, { kind: 'unknown' }],
    ['to what did not leave is repeated', { sent: false }, {}, repeated(2)],
    ['to what did not leave is repeated in any case', { sent: false }, { isIdempotent: false }, repeated(2)],
    ['to what did not leave is repeated twice', { sent: false }, { attempts: 3 }, failed],
    ['of the login, before the command left, is repeated', { sent: true }, { hasLeft: false }, repeated(2)],
  ])('%s', (_, details, attempt, verdict) => {
    expect(judge('provider_unavailable', details, attempt)).toEqual(verdict);
  });
});

describe('a command', () => {
  test('that expired is not repeated', () => {
    expect(judge('command_expired', {}, { hasLeft: false })).toEqual({ kind: 'expired' });
  });
  test('that expires before its repeat has expired', () => {
    expect(judge('module_busy', { repeat: busy }, { expiresInSeconds: 10 })).toEqual({ kind: 'expired' });
    expect(judge('module_busy', { repeat: busy }, { expiresInSeconds: 10.1 })).toEqual(repeated(10));
  });
  test('whose account has to be linked again fails, although it did not leave', () => {
    expect(judge('account_unlinked', {}, { hasLeft: false })).toEqual(failed);
  });
  test('whose account is being rotated is repeated', () => {
    expect(judge('token_contended', { retryAfterSeconds: 1 }, { hasLeft: false })).toEqual(repeated(2));
  });
});
