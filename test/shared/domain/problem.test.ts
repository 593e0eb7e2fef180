import { describe, expect, test } from 'vitest';
import {
  type ErrorCode,
  type ErrorPolicy,
  errorPolicy,
  LatchkeyError,
} from '../../../shared/domain/error.ts';
import { Problem, toProblem } from '../../../shared/domain/problem.ts';

const codes = Object.keys(errorPolicy) as ErrorCode[];
const policy: Readonly<Record<ErrorCode, ErrorPolicy>> = errorPolicy;
const SECRET = 'refresh-token-4711';

describe.each(codes)('%s', (code) => {
  const problem = toProblem(new LatchkeyError(code, `about ${SECRET}`, { cause: new Error(SECRET) }));

  test('is a problem document with a type, a status and a title of its own', () => {
    expect(Problem.parse(problem)).toEqual(problem);
    expect(problem).toMatchObject({ type: `/problems/${code}`, code, status: policy[code].status });
    expect(problem.title).toMatch(/^[A-Z].{10,}[^.]$/);
    expect(problem.status).toBeGreaterThanOrEqual(400);
    expect(problem.status).toBeLessThan(600);
  });

  test('shows its message exactly where the policy lets it', () => {
    expect(problem.detail).toBe(policy[code].expose ? `about ${SECRET}` : undefined);
    expect(JSON.stringify(problem).includes(SECRET)).toBe(policy[code].expose);
  });

  test('is named subject first, in snake case', () => {
    expect(code).toMatch(/^[a-z]+(_[a-z]+)+$/);
  });
});

test('keeps to itself what Latchkey, its store or its configuration suffer from', () => {
  const hidden = codes.filter((code) => !policy[code].expose);
  expect(hidden.toSorted()).toEqual(['config_invalid', 'internal_error', 'store_unavailable']);
});

test('promises success later only with a status that says so', () => {
  const later = codes.filter((code) => policy[code].retry === 'later').map((code) => policy[code].status);
  expect(new Set(later)).toEqual(new Set([409, 429, 500, 503, 504]));
});

test('carries the details that help, and none that are for us alone', () => {
  const error = new LatchkeyError('provider_throttled', 'enough for today', {
    details: {
      remedy: 'Wait.',
      provider: { status: 403, code: 'quota', message: 'Out of quota' },
      retryAfterSeconds: 60,
      repeat: { afterSeconds: 10, times: 3, pauses: 'same', effect: 'none' },
      sent: true,
      fields: { limit: 'too many' },
    },
  });
  expect(toProblem(error)).toEqual({
    type: '/problems/provider_throttled',
    title: 'The provider allows no more calls for now',
    status: 429,
    code: 'provider_throttled',
    detail: 'enough for today',
    remedy: 'Wait.',
    provider: { status: 403, code: 'quota', message: 'Out of quota' },
    retryAfterSeconds: 60,
    fields: { limit: 'too many' },
  });
});

test('is an error with its cause', () => {
  const cause = new Error('below');
  const error = new LatchkeyError('internal_error', 'above', { cause });
  expect(error).toBeInstanceOf(Error);
  expect(error).toMatchObject({ name: 'LatchkeyError', message: 'above', cause, details: {} });
  expect(new LatchkeyError('internal_error', 'alone')).not.toHaveProperty('cause');
});
