/** What every cloud's tables of errors are checked by, row for row: the tables are those of the reference. */
import { expect } from 'vitest';
import { accountStanding } from '../../../shared/domain/account-health.ts';
import { LatchkeyError } from '../../../shared/domain/error.ts';
import { toProblem } from '../../../shared/domain/problem.ts';
import type { Meaning } from '../../../shared/providers/error-row.ts';
import { sendOnce } from '../../../shared/providers/request.ts';
import { exchangeRefreshToken, type GrantOutcome } from '../../../shared/vault/grants.ts';
import { type Failure, isAboutAccount, judgeFailure } from '../../../shared/vault/verdict.ts';
import { pointer } from '../domain/samples.ts';
import type { CallCase, ErrorCase, GrantCase } from './error-case.ts';
import type { ProviderBench } from './provider-setup.ts';

type GrantBench = Pick<ProviderBench, 'provider' | 'refreshToken' | 'now'>;

export function titleOf({ row, fault, provider }: ErrorCase): string {
  const parameters = JSON.stringify(fault?.parameters ?? {});
  return `${row}: ${provider.status} by ${fault?.name ?? 'a wrong request'} ${parameters}`;
}

/** There is a case for every row, none for anything else, and no row stands there twice. */
export function expectCaseForEachRow(rows: readonly Meaning[], cases: readonly ErrorCase[]): void {
  const answers = rows.map(({ answer }) => answer);
  expect([...new Set(cases.map(({ row }) => row))].toSorted()).toEqual(answers.toSorted());
  expect(new Set(answers).size).toBe(answers.length);
}

/** The error is what the case has, in the words of its row. */
export function expectError(error: LatchkeyError, one: CallCase, rows: readonly Meaning[]): void {
  const row = rows.find(({ answer }) => answer === one.row);
  if (row === undefined) throw new Error('the case is of no row');
  const problem = toProblem(error);
  expect(problem).toMatchObject({
    code: one.code,
    status: one.status,
    actor: one.actor,
    retry: one.retry,
    remedy: row.remedy,
    provider: one.provider,
  });
  expect(error.message.startsWith(row.message)).toBe(true);
  expect(problem.retryAfterSeconds).toBe(one.retryAfterSeconds);
  expect(problem.provider).toEqual(one.provider);
  expect(error.details.repeat).toEqual(one.repeat);
}

export async function refusalOf(attempted: Promise<unknown>): Promise<LatchkeyError> {
  const error = await attempted.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof LatchkeyError) return error;
  throw new Error('the cloud refused nothing', { cause: error });
}

/** Exchanges as the vault does, and compares what came of it with the case. */
export async function expectGrantRefused(
  bench: GrantBench,
  one: GrantCase,
  rows: readonly Meaning[],
): Promise<void> {
  const outcome = await exchange(bench, one);
  if (outcome.kind === 'granted') throw new Error('the cloud granted it');
  expect(outcome.kind).toBe(one.kind);
  expectError(outcome.error, one, rows);
  expect('retryAfterSeconds' in outcome ? outcome.retryAfterSeconds : undefined).toBe(one.retryAfterSeconds);
  expect(standingAfter(outcome, bench.now())).toEqual(one.health);
}

function exchange({ provider, refreshToken, now }: GrantBench, { wrong }: GrantCase): Promise<GrantOutcome> {
  const { oauth } = provider;
  const facts = wrong === 'client' ? { ...oauth, clientId: 'of-nobody' } : oauth;
  return exchangeRefreshToken(facts, wrong === 'token' ? 'of-nobody' : refreshToken, sendOnce, now);
}

/** What the account says of itself after its first failed rotation; nothing, where all accounts are at a loss. */
function standingAfter(failure: Failure, now: number): GrantCase['health'] {
  if (!isAboutAccount(failure)) return undefined;
  const context = { takenOver: false, now, spread: 0.5 };
  const { status, health } = accountStanding(judgeFailure(pointer, failure, context).release.health);
  return { status, ...(health.cause !== undefined && { cause: health.cause }) };
}
