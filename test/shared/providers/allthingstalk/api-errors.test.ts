/** Drives the simulated cloud into every row of the table of its API: the table is that of the reference. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createMakerApi, readAnswer } from '../../../../shared/providers/allthingstalk/call.ts';
import {
  allthingstalkErrors,
  isAccessTokenRefused,
  judgeApiAnswer,
  toApiError,
} from '../../../../shared/providers/allthingstalk/errors.ts';
import { DevicesBody } from '../../../../shared/providers/allthingstalk/wire.ts';
import { HOUSE } from '../../../infra/local/providers/allthingstalk/allthingstalk-client.ts';
import { expectCaseForEachRow, expectError, refusalOf, titleOf } from '../check-error-case.ts';
import { createSession } from '../cloud-session.ts';
import { apiCases } from './api-cases.ts';
import { openBench } from './reading-bench.ts';

it('has a case for every row, and for nothing else', () =>
  expectCaseForEachRow(allthingstalkErrors.api, apiCases));

it.each(apiCases.map((one) => [`${titleOf(one)} ${one.path ?? ''}`, one] as const))('%s', async (_, one) => {
  const { cloud, session } = await openBench();
  if (one.fault) cloud.faults.set(one.fault);
  const asking = one.wrong === 'token' ? createSession(session.accountId, 'of-nobody') : session;
  const path = one.path ?? `/ground/${HOUSE}/devices`;
  const answer = await createMakerApi(cloud.url)(asking, { method: 'GET', path });
  expectError(await refusalOf(readLater(answer)), one, allthingstalkErrors.api);
  expect(isAccessTokenRefused(answer)).toBe(answer.status === 401);
});

async function readLater(answer: Parameters<typeof judgeApiAnswer>[0]): Promise<unknown> {
  return readAnswer(DevicesBody, answer);
}

it('judges whatever is answered', () => {
  const body = fc.oneof(fc.string(), fc.json());
  fc.assert(
    fc.property(fc.integer({ min: 200, max: 599 }), body, (status, text) => {
      const answer = { status, headers: {}, body: text };
      expect(toApiError(answer).details.provider?.status).toBe(status);
      expect(judgeApiAnswer(answer) === undefined).toBe(status < 300);
    }),
  );
});
