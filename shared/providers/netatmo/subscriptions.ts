/**
 * The webhook of a user: there is one for each user and application, nothing lists it, and adding it again replaces it,
 * with its ban (contract 4.1, 4.2).
 */
import * as z from 'zod';
import type { BanFacts } from '../../domain/answer-tally.ts';
import { both, code, status } from '../error-row.ts';
import type { AccountWebhookApi } from '../provider.ts';
import { assertAccepted, type ConnectApi, readAnswer } from './call.ts';
import { netatmoIntake } from './intake.ts';
import { readRefusal } from './refusal.ts';

/**
 * More than five answers in a row that were wrong or slow, says one text of Netatmo's; five within an hour, another.
 * The fifth is taken for one too many (contract 4.2, 8.5).
 */
const ban: BanFacts = {
  failures: 5,
  seconds: 86_400,
  mostSeconds: 86_400,
  forgivenAfterSeconds: 3_600,
  isForgivenByAnswer: true,
  isLiftedByAdding: true,
};

/** «Nothing to drop». */
const isGone = both(status(406), code('7'));

export function netatmoWebhook(api: ConnectApi, clientSecret: string): AccountWebhookApi {
  return {
    breadth: 'account',
    ban,
    isSigned: (raw, signature) =>
      netatmoIntake.signature?.isRight(Buffer.from(raw), signature, clientSecret) === true,

    async add(session, url) {
      readAnswer(z.unknown(), await api(session, { method: 'addwebhook', form: { url } }));
    },

    async drop(session) {
      const answer = await api(session, { method: 'dropwebhook', form: {} });
      if (!isGone(readRefusal(answer))) assertAccepted(answer);
    },
  };
}
