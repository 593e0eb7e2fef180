/** The token endpoint of a strict provider, which answers after a while; in a process of its own. */
import { setTimeout as sleep } from 'node:timers/promises';
import { listen, readBody } from '../../../infra/local/http-server.ts';
import { createTokenFamilies } from '../../shared/vault/token-family.ts';
import { answerParent, createCpuClock } from '../child.ts';
import { nowMs } from './moments.ts';

/** Milliseconds. */
const answersAfterMs = Number(process.argv[2]);

const families = createTokenFamilies('strict');
const cpuMs = createCpuClock();
/** When an answer left, epoch ms, by the refresh token in it. */
const answeredAt = new Map<string, number>();
let inFlight = 0;
let mostInFlight = 0;

const server = await listen(async (request, response) => {
  mostInFlight = Math.max(mostInFlight, ++inFlight);
  const form = new URLSearchParams((await readBody(request, 100_000)).toString());
  const pair = families.spend(form.get('refresh_token') ?? '');
  await sleep(answersAfterMs);
  const answer = pair
    ? { access_token: pair.accessToken, refresh_token: pair.refreshToken, expires_in: 3_600 }
    : { error: 'invalid_grant' };
  response.writeHead(pair ? 200 : 400, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
  if (pair) answeredAt.set(pair.refreshToken, nowMs());
  inFlight--;
}, 0);

const questions = {
  url: () => server.url,
  /** What so many owners' consents give. */
  consent: (count: number) => Array.from({ length: count }, () => families.consent()),
  /** CPU time since it was last asked, and the most exchanges that were under way at a time. */
  usage: () => ({ cpuMs: cpuMs(), mostInFlight }),
  answeredAt: () => answeredAt,
};
export type TokenHostQuestions = typeof questions;

answerParent(questions);
