/** Judges what AllThingsTalk's servers answer, by the tables of its API and of its login. Pure: no I/O, no clock. */
import type { ErrorTable } from '../error-row.ts';
import { createJudge } from '../judge.ts';
import { apiRows, isTokenRefused, undocumented, withoutJson, withoutKey } from './api-rows.ts';
import { grantRows, undocumentedGrant } from './grant-rows.ts';
import { loginRows } from './login-rows.ts';
import { isRefusal, readRefusal } from './refusal.ts';

/** In the order in which they count, with what no row knows at the end. */
export const allthingstalkErrors: ErrorTable = {
  cloud: 'AllThingsTalk',
  api: [...apiRows, withoutJson, withoutKey, undocumented],
  grants: [...grantRows, undocumentedGrant],
  login: loginRows,
};

export const { judgeApiAnswer, toApiError, judgeGrantRefusal, isAccessTokenRefused } = createJudge({
  isRefusal,
  readRefusal,
  apiRows,
  undocumented,
  grantRows,
  undocumentedGrant,
  isTokenRefused,
});
