/**
 * The webhook of a user: there is one for each user and application, nothing lists it, and adding it again replaces it,
 * with its ban (contract 4.1, 4.2).
 */
import * as z from 'zod';
import type { BanFacts } from '../../domain/answer-tally.ts';
import { both, code, type Meaning, says, toError } from '../error-row.ts';
import type { AccountWebhookApi } from '../provider.ts';
import { isUnchanged } from './api-rows.ts';
import { assertAccepted, type ConnectApi, readAnswer } from './call.ts';
import { netatmoIntake } from './intake.ts';
import { readRefusal } from './refusal.ts';

/**
 * More than five answers in a row that were wrong or slow, says one text of Netatmo's; five within an hour, another.
 * The fifth is taken for one too many (contract 4.2, 8.5).
 */
const ban: BanFacts = {
  failures: netatmoIntake.failuresToBan,
  seconds: 86_400,
  mostSeconds: 86_400,
  forgivenAfterSeconds: 3_600,
  isForgivenByAnswer: true,
  isLiftedByAdding: true,
};

/** Of those that webhooks need: read_camera, read_presence or read_smokedetector (contract 4.1). */
const lacksScope = both(code('13'), says(/scope/i));
const withoutScope: Meaning = {
  answer: '403 with code 13 Application does not have the good scope rights',
  code: 'provider_rejected',
  message: 'Netatmo calls webhooks only for those who have consented to cameras or smoke alarms',
  remedy: 'Start a new link that asks for security.read; until then the state is polled',
  actor: 'owner',
};

export function netatmoWebhook(api: ConnectApi, clientSecret: string): AccountWebhookApi {
  return {
    breadth: 'account',
    ban,
    isSigned: (raw, signature) =>
      netatmoIntake.signature?.isRight(Buffer.from(raw), signature, clientSecret) === true,

    async add(session, url) {
      const answer = await api(session, { method: 'addwebhook', form: { url } });
      const refusal = readRefusal(answer);
      if (lacksScope(refusal)) throw toError(withoutScope, refusal);
      readAnswer(z.unknown(), answer);
    },

    async drop(session) {
      const answer = await api(session, { method: 'dropwebhook', form: {} });
      // «Nothing to drop».
      if (!isUnchanged(readRefusal(answer))) assertAccepted(answer);
    },
  };
}
