/** Linking at AllThingsTalk: by password and verification code, or by a token made on its pages (contract 2.1, 2.2). */
import * as z from 'zod';
import type { LoginWords } from '../../domain/credentials.ts';
import { LatchkeyError } from '../../domain/error.ts';
import { parseJson } from '../../domain/text.ts';
import { type Meaning, toError } from '../error-row.ts';
import { text } from '../lenient.ts';
import type { LoginApi, Session } from '../provider.ts';
import type { ProviderAnswer } from '../request.ts';
import { withoutKey } from './api-rows.ts';
import { judgeApiAnswer, judgeGrantRefusal } from './errors.ts';
import {
  codeRows,
  isDeviceToken,
  isGroundToken,
  isUserToken,
  notOfThisDevice,
  notOfThisGround,
  passwordRows,
  tokenUnknown,
} from './login-rows.ts';
import { readRefusal } from './refusal.ts';

const words: LoginWords = {
  cloud: 'AllThingsTalk',
  password: {
    title: 'Sign in',
    hint: 'For all your grounds and devices. Your password is passed on to AllThingsTalk and not kept.',
  },
  code: {
    title: 'Verification code',
    hint: 'AllThingsTalk asks for the code that your authenticator app shows.',
  },
  plantToken: {
    title: 'Use a ground token',
    hint: 'For all devices of one ground. You find both in the settings of the ground.',
    id: 'Ground id',
    token: 'Ground token',
  },
  moduleToken: {
    title: 'Use a device token',
    hint: 'For one device. You find both in the settings of the device, under authentication.',
    id: 'Device id',
    token: 'Device token',
  },
};

/** Ids as they were seen (contract 1). */
const Id = z.string().regex(/^[A-Za-z0-9]{22,25}$/);
const Challenge = z.object({ MfaUid: z.string().min(1), UserId: z.string().min(1) });
const Me = z.object({ id: z.string().min(1) });
const Device = z.object({ groundId: text });

type Caller = Pick<Session, 'send'>;

/** @param url – base URL without a trailing slash */
export function allthingstalkLogin(url: string): LoginApi {
  const get = (caller: Caller, path: string) =>
    caller.send({ method: 'GET', url: `${url}${path}`, headers: { accept: 'application/json' } });
  const opensGround = async (caller: Caller, groundId: string) =>
    isSuccess(await get(caller, `/ground/${groundId}/devices`));

  return {
    words,
    passwordForm: ({ username, password }) => ({ grant_type: 'password', username, password }),

    codeForm({ challenge, code }) {
      const met = Challenge.safeParse(Object.fromEntries(new URLSearchParams(challenge)));
      if (!met.success)
        throw invalid('challenge', 'is not one that was given', 'Sign in again with user name and password');
      // Nobody has seen the name of the field (contract 8.2); names that differ by case alone could be taken for one.
      const field = code.replace(/\s/g, '');
      return { ...met.data, VerificationCode: field, verification_code: field, code: field };
    },

    // With whatever status: none is documented (contract 8.1).
    readChallenge({ body }) {
      const challenge = Challenge.safeParse(parseJson(body)).data;
      return challenge && new URLSearchParams(challenge).toString();
    },

    judgeRefusal(answer, step) {
      const refusal = readRefusal(answer);
      const row = (step === 'password' ? passwordRows : codeRows).find(({ when }) => when(refusal));
      return row ? toError(row, refusal) : judgeGrantRefusal(answer).error;
    },

    async personOf(caller) {
      const answer = await get(caller, '/me');
      const refused = judgeApiAnswer(answer);
      if (refused) throw refused;
      const me = Me.safeParse(parseJson(answer.body));
      if (!me.success) throw toError(withoutKey, readRefusal(answer));
      return me.data.id;
    },

    async examine(caller, { way, id }) {
      if (!Id.safeParse(id).success)
        throw invalid('id', 'is not an id: those are 24 letters and digits', 'Copy the id once more');
      return way === 'plant_token'
        ? await examineGroundToken(caller, id)
        : await examineDeviceToken(caller, id);
    },
  };

  async function examineGroundToken(caller: Caller, groundId: string): Promise<void> {
    const answer = await get(caller, `/ground/${groundId}/devices`);
    if (isSuccess(answer)) return await refuseUserToken(caller);
    assertElsewhere(answer);
    const device = await get(caller, `/device/${groundId}`);
    if (!isSuccess(device)) throw refusedAs(notOfThisGround, answer);
    throw refusedAs((await isOfWholeGround(caller, device)) ? notOfThisGround : isDeviceToken, answer);
  }

  async function examineDeviceToken(caller: Caller, deviceId: string): Promise<void> {
    const answer = await get(caller, `/device/${deviceId}`);
    if (isSuccess(answer)) {
      if (!(await isOfWholeGround(caller, answer))) return;
      await refuseUserToken(caller);
      throw refusedAs(isGroundToken, answer);
    }
    assertElsewhere(answer);
    throw refusedAs((await opensGround(caller, deviceId)) ? isGroundToken : notOfThisDevice, answer);
  }

  async function isOfWholeGround(caller: Caller, device: ProviderAnswer): Promise<boolean> {
    const groundId = Id.safeParse(Device.safeParse(parseJson(device.body)).data?.groundId).data;
    return groundId !== undefined && (await opensGround(caller, groundId));
  }

  /** It opens what a ground token opens, for an hour. */
  async function refuseUserToken(caller: Caller): Promise<void> {
    const answer = await get(caller, '/me');
    if (isSuccess(answer)) throw refusedAs(isUserToken, answer);
  }
}

function isSuccess({ status }: ProviderAnswer): boolean {
  return status >= 200 && status < 300;
}

/** Whether a refusal is about where the token was tried, and not about the token or about the cloud. */
function assertElsewhere(answer: ProviderAnswer): void {
  if (answer.status === 401) throw refusedAs(tokenUnknown, answer);
  const refused = judgeApiAnswer(answer);
  if (refused && answer.status !== 403 && answer.status !== 404) throw refused;
}

function refusedAs(meaning: Meaning, answer: ProviderAnswer): LatchkeyError {
  return toError(meaning, readRefusal(answer));
}

function invalid(field: string, reason: string, remedy: string): LatchkeyError {
  return new LatchkeyError('request_invalid', `${field}: ${reason}`, {
    details: { fields: { [field]: reason }, remedy },
  });
}
