/** Drives the simulated cloud into every row of Netatmo's tables of errors: the tables are those of the reference. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { CLAIRE_ID } from '../../../../infra/local/providers/netatmo/seed/people.ts';
import {
  assertAccepted,
  assertCarriedOut,
  type Call,
  createConnectApi,
  readAnswer,
} from '../../../../shared/providers/netatmo/call.ts';
import { netatmoErrors } from '../../../../shared/providers/netatmo/errors.ts';
import { partialErrorsOf } from '../../../../shared/providers/netatmo/partial-errors.ts';
import {
  expectCaseForEachRow,
  expectError,
  expectGrantRefused,
  refusalOf,
  titleOf,
} from '../check-error-case.ts';
import { createSession } from '../cloud-session.ts';
import { apiCases } from './api-cases.ts';
import type { ApiCase } from './error-cases.ts';
import { grantCases } from './grant-cases.ts';
import { type NetatmoBench, openNetatmo } from './netatmo-bench.ts';
import { partialCases } from './partial-cases.ts';

const { api, grants, partial = [] } = netatmoErrors;
const TOPOLOGY: Call = { method: 'homesdata' };
const COMMAND: Call = { method: 'setstate', json: { home: { id: 'any', modules: [] } } };
/** What faults report errors of, unless told otherwise. */
const MODULE = '70:ee:50:00:00:00';

let bench: NetatmoBench;
const send = (call: Call, session = bench.session) => createConnectApi(bench.cloud.url)(session, call);
const control = (path: string, body: unknown) =>
  fetch(`${bench.cloud.url}/_sim/users/${CLAIRE_ID}/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });

beforeAll(async () => {
  bench = await openNetatmo();
});
afterEach(async () => {
  bench.cloud.faults.clear();
  await control('quota', { calls: 0 });
});
afterAll(() => bench.close());

it.each([
  ['API', api, apiCases],
  ['token endpoint', grants, grantCases],
  ['errors of single modules', partial, partialCases],
] as const)('has a case for every row of the table of the %s, and for nothing else', (_, rows, cases) =>
  expectCaseForEachRow(rows, cases),
);

describe("Netatmo's API", () => {
  it.each(apiCases.map((one) => [titleOf(one), one] as const))('%s', async (_, one) => {
    if (one.fault) bench.cloud.faults.set(one.fault);
    const error = await refusalOf(attempt(one));
    expectError(error, one, api);
  });
});

/** What every reading of an answer does: the refusal first, then the key that is expected. */
async function attempt({ call = TOPOLOGY, wrong }: ApiCase): Promise<unknown> {
  const { accountId } = bench.account;
  if (wrong === 'spent') await control('quota', { calls: 50 });
  if (wrong === 'scopes') await control('scopes', { scopes: ['read_station'] });
  const session = wrong === 'token' ? createSession(accountId, 'of|nobody') : bench.session;
  const answer = await send(call, session);
  if (wrong === 'scopes') await control('scopes', { scopes: bench.account.scopes });
  const { isAccessTokenRefused } = bench.provider.oauth;
  expect(isAccessTokenRefused(answer)).toBe(bench.provider.judge(answer)?.message === REFUSED_TOKEN);
  return readAnswer(z.object({ homes: z.array(z.unknown()) }), answer);
}
const REFUSED_TOKEN = 'Netatmo refuses the access token';

describe("Netatmo's token endpoint", () => {
  it.each(grantCases.map((one) => [titleOf(one), one] as const))('%s', async (_, one) => {
    if (one.fault) bench.cloud.faults.set({ ...one.fault, on: 'token' });
    await expectGrantRefused(bench, one, grants);
  });
});

describe('an error of a single module', () => {
  it.each(partialCases.map((one) => [titleOf(one), one] as const))('%s', async (_, one) => {
    if (one.fault) bench.cloud.faults.set(one.fault);
    const answer = await send(COMMAND);
    expect(bench.provider.judge(answer)).toBeUndefined();
    const { byId, unowned } = partialErrorsOf(answer);
    expect([[...byId.keys()], unowned]).toEqual([[MODULE], []]);
    expectError(await refusalOf(assertionOf(answer)), one, partial);
  });

  it('means something else than the same number in a refusal', async () => {
    for (const code of [1, 2, 3, 5, 6, 7, 14, 23]) {
      bench.cloud.faults.set({ name: 'ok_with_errors', parameters: { code } });
      const within = partialErrorsOf(await send(COMMAND)).byId.get(MODULE);
      bench.cloud.faults.clear();
      bench.cloud.faults.set({ name: 'api_error', parameters: { code, status: 403 } });
      const whole = bench.provider.judge(await send(COMMAND));
      bench.cloud.faults.clear();
      expect(whole).toBeDefined();
      expect(within?.message).not.toBe(whole?.message);
    }
  });
});

/** What every command does with its answer. */
async function assertionOf(answer: Parameters<typeof assertCarriedOut>[0]): Promise<void> {
  assertCarriedOut(answer, [MODULE]);
}

describe('a command that changes nothing', () => {
  it('is carried out, whether the whole is refused for it or it is told of a module', async () => {
    bench.cloud.faults.set({ name: 'api_error', parameters: { code: 7 } });
    const whole = await send(COMMAND);
    expect(whole.status).toBe(406);
    assertCarriedOut(whole, [MODULE]);
    expect(() => assertAccepted(whole)).toThrow('nothing to change');
    bench.cloud.faults.clear();
    bench.cloud.faults.set({ name: 'ok_with_errors', parameters: { code: 23 } });
    assertCarriedOut(await send(COMMAND), [MODULE]);
  });

  it('is refused where code 23 says that there is no such user', async () => {
    bench.cloud.faults.set({ name: 'api_error', parameters: { code: 23 } });
    const answer = await send(COMMAND);
    expect(() => assertCarriedOut(answer, [MODULE])).toThrow('does not know the user');
  });
});

describe('a connection that breaks', () => {
  it.each(['half_body', 'connection_reset'] as const)(
    'is no answer, and the request may have arrived: %s',
    async (name) => {
      bench.cloud.faults.set({ name });
      const error = await refusalOf(send(TOPOLOGY));
      expect(error).toMatchObject({ code: 'provider_unavailable', details: { sent: true } });
      expect(error.details).not.toHaveProperty('provider');
    },
  );
});
