/** Drives the simulated cloud into every row of Legrand's tables of errors: the tables are those of the reference. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { accountStanding } from '../../../../shared/domain/account-health.ts';
import { LatchkeyError } from '../../../../shared/domain/error.ts';
import { toProblem } from '../../../../shared/domain/problem.ts';
import { legrandErrors } from '../../../../shared/providers/legrand/errors.ts';
import type { ProviderRequest } from '../../../../shared/providers/request.ts';
import { sendOnce } from '../../../../shared/providers/request.ts';
import { exchangeRefreshToken, type GrantOutcome } from '../../../../shared/vault/grants.ts';
import { type Failure, isAboutAccount, judgeFailure } from '../../../../shared/vault/verdict.ts';
import { pointer } from '../../domain/samples.ts';
import { type LinkedHome, readHome } from '../linked-home.ts';
import { plantWebhook } from '../webhook-breadth.ts';
import { apiCases } from './api-cases.ts';
import type { ApiCase, ErrorCase, GrantCase } from './error-cases.ts';
import { grantCases } from './grant-cases.ts';
import { type LegrandBench, NOW, openLegrand } from './legrand-bench.ts';

const NOBODY = '00000000-0000-4000-8000-000000000000';

let bench: LegrandBench;
let home: LinkedHome;

beforeAll(async () => {
  bench = await openLegrand();
  home = await readHome(bench);
});
afterEach(() => bench.restore());
afterAll(() => bench.close());

it.each([
  ['API', legrandErrors.api, apiCases],
  ['token endpoint', legrandErrors.grants, grantCases],
] as const)('has a case for every row of the table of the %s, and for nothing else', (_, rows, cases) => {
  const answers = rows.map(({ answer }) => answer);
  expect([...new Set(cases.map(({ row }) => row))].toSorted()).toEqual(answers.toSorted());
  expect(new Set(answers).size).toBe(answers.length);
});

describe("Legrand's API", () => {
  it.each(apiCases.map((one) => [titleOf(one), one] as const))('%s', async (_, one) => {
    if (one.fault) bench.cloud.faults.set(one.fault);
    await fetch(`${bench.cloud.url}/_sim/log`, { method: 'DELETE' });
    const error = await refusalOf(attempt(one));
    const seen = (await (await fetch(`${bench.cloud.url}/_sim/requests`)).json()) as unknown[];
    expect(seen).toHaveLength(one.charged);
    expectError(error, one, legrandErrors.api);
    expect(error.details.repeat).toEqual(one.repeat);
  });
});

it.each(['half_body', 'connection_reset'] as const)(
  'tells of no answer, and that the request may have arrived: %s',
  async (name) => {
    bench.cloud.faults.set({ name });
    const problem = await refusalOf(attempt({ while: 'plants' }));
    expect(problem).toMatchObject({ code: 'provider_unavailable', details: { sent: true } });
    expect(problem.details).not.toHaveProperty('provider');
  },
);

describe("Legrand's token endpoint", () => {
  it.each(grantCases.map((one) => [titleOf(one), one] as const))('%s', async (_, one) => {
    if (one.fault) bench.cloud.faults.set({ ...one.fault, on: 'token' });
    const outcome = await exchange(one);
    if (outcome.kind === 'granted') throw new Error('the cloud granted it');
    expect(outcome.kind).toBe(one.kind);
    expectError(outcome.error, one, legrandErrors.grants);
    expect('retryAfterSeconds' in outcome ? outcome.retryAfterSeconds : undefined).toBe(
      one.retryAfterSeconds,
    );
    expect(standingAfter(outcome)).toEqual(one.health);
  });
});

function titleOf({ row, fault, provider }: ErrorCase): string {
  const parameters = JSON.stringify(fault?.parameters ?? {});
  return `${row}: ${provider.status} by ${fault?.name ?? 'a wrong request'} ${parameters}`;
}

function expectError(error: LatchkeyError, one: ErrorCase, rows: typeof legrandErrors.api): void {
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
}

async function refusalOf(attempted: Promise<unknown>): Promise<LatchkeyError> {
  const error = await attempted.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof LatchkeyError) return error;
  throw new Error('the cloud refused nothing', { cause: error });
}

/** What Latchkey does while the cloud misbehaves, through the driver. */
async function attempt(one: Pick<ApiCase, 'while' | 'wrong'>): Promise<unknown> {
  const { provider, account } = bench;
  const { plant, module } = home;
  const session = spoiled(one.wrong);
  switch (one.while ?? 'command') {
    case 'state':
      return Array.fromAsync(provider.state(session, [{ plant, modules: [module] }]));
    case 'plants':
      return provider.plants(session, account, NOW);
    case 'subscribe': {
      const scheme = one.wrong === 'address' ? 'http' : 'https';
      return plantWebhook(provider).subscribe(
        session,
        plant,
        `${scheme}://hooks.example.net/${account.accountId}`,
      );
    }
    case 'command': {
      const target = one.wrong === 'module' ? { plant, module: { ...module, nativeId: NOBODY } } : home;
      const wish = { action: 'set_setpoint', temperatureC: 21 } as const;
      return provider.prepare(wish, target, NOW).execute(session);
    }
  }
}

const spoilings: Partial<Record<NonNullable<ApiCase['wrong']>, Readonly<Record<string, string>>>> = {
  key: { 'ocp-apim-subscription-key': 'wrong' },
  accept: { accept: 'text/plain' },
};

function spoiled(wrong: ApiCase['wrong']): LegrandBench['session'] {
  const headers = wrong && spoilings[wrong];
  const send = (request: ProviderRequest) =>
    bench.session.send({ ...request, headers: { ...request.headers, ...headers } });
  return { ...bench.session, send };
}

/** What the account says of itself after its first failed rotation; nothing, where all accounts are at a loss. */
function standingAfter(failure: Failure): GrantCase['health'] {
  if (!isAboutAccount(failure)) return undefined;
  const context = { takenOver: false, now: NOW, spread: 0.5 };
  const { status, health } = accountStanding(judgeFailure(pointer, failure, context).release.health);
  return { status, ...(health.cause !== undefined && { cause: health.cause }) };
}

/** The exchange as the vault makes it. */
function exchange({ wrong }: GrantCase): Promise<GrantOutcome> {
  const { oauth } = bench.provider;
  const facts = wrong === 'client' ? { ...oauth, clientId: NOBODY } : oauth;
  return exchangeRefreshToken(
    facts,
    wrong === 'token' ? 'of-nobody' : bench.refreshToken,
    sendOnce,
    () => NOW,
  );
}
