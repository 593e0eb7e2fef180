/** Drives the simulated cloud into every row of Legrand's tables of errors: the tables are those of the reference. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { legrandErrors } from '../../../../shared/providers/legrand/errors.ts';
import type { ProviderRequest } from '../../../../shared/providers/request.ts';
import {
  expectCaseForEachRow,
  expectError,
  expectGrantRefused,
  refusalOf,
  titleOf,
} from '../check-error-case.ts';
import { type LinkedHome, readHome } from '../linked-home.ts';
import { plantWebhook } from '../webhook-breadth.ts';
import { apiCases } from './api-cases.ts';
import type { ApiCase } from './error-cases.ts';
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
] as const)('has a case for every row of the table of the %s, and for nothing else', (_, rows, cases) =>
  expectCaseForEachRow(rows, cases),
);

describe("Legrand's API", () => {
  it.each(apiCases.map((one) => [titleOf(one), one] as const))('%s', async (_, one) => {
    if (one.fault) bench.cloud.faults.set(one.fault);
    await fetch(`${bench.cloud.url}/_sim/log`, { method: 'DELETE' });
    const error = await refusalOf(attempt(one));
    const seen = (await (await fetch(`${bench.cloud.url}/_sim/requests`)).json()) as unknown[];
    expect(seen).toHaveLength(one.charged);
    expectError(error, one, legrandErrors.api);
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
    await expectGrantRefused(bench, one, legrandErrors.grants);
  });
});

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
