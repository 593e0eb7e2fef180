/** One call of Netatmo Connect: methods, parameters, and the envelope around what they answer. */
import * as z from 'zod';
import { parseJson } from '../../domain/text.ts';
import { toError } from '../error-row.ts';
import type { Session } from '../provider.ts';
import type { ProviderAnswer } from '../request.ts';
import { isUnchanged, withoutJson, withoutKey } from './api-rows.ts';
import { judgeApiAnswer } from './errors.ts';
import { partialErrorsOf } from './partial-errors.ts';
import { readRefusal } from './refusal.ts';

export type Parameters = Readonly<Record<string, string | number | boolean | undefined>>;

/** How parameters travel: reads in the query; writes as a form, or as the JSON that some insist on. */
export interface Call {
  readonly method: string;
  readonly query?: Parameters;
  readonly form?: Parameters | URLSearchParams;
  readonly json?: unknown;
}

/** Sends and returns answers of any status. */
export type ConnectApi = (session: Session, call: Call) => Promise<ProviderAnswer>;

/** @param url – base URL without a trailing slash, such as `https://api.netatmo.com` */
export function createConnectApi(url: string): ConnectApi {
  return (session, { method, query, form, json }) => {
    const path = `${url}/api/${method}`;
    const accept = { accept: 'application/json' };
    if (json !== undefined) {
      const headers = { ...accept, 'content-type': 'application/json' };
      return session.send({ method: 'POST', url: path, headers, body: JSON.stringify(json) });
    }
    if (form !== undefined) {
      const headers = { ...accept, 'content-type': 'application/x-www-form-urlencoded;charset=UTF-8' };
      return session.send({ method: 'POST', url: path, headers, body: toText(form) });
    }
    const text = toText(query ?? {});
    return session.send({ method: 'GET', url: text === '' ? path : `${path}?${text}`, headers: accept });
  };
}

function toText(parameters: Parameters | URLSearchParams): string {
  if (parameters instanceof URLSearchParams) return parameters.toString();
  const given = Object.entries(parameters).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, String(value)] as [string, string]],
  );
  return new URLSearchParams(given).toString();
}

/** @throws {LatchkeyError} – as the table of errors says, unless it is a success */
export function assertAccepted(answer: ProviderAnswer): void {
  const error = judgeApiAnswer(answer);
  if (error) throw error;
}

/**
 * Of a command: that there was nothing to modify, as a whole or of single modules, is success.
 * @param ids – whom an error within a success has to be about, to be one of this command; what tells nobody is, too
 * @throws {LatchkeyError} provider_unavailable – a success without JSON: nothing was done then
 * @throws {LatchkeyError} – as the tables of errors say
 */
export function assertCarriedOut(answer: ProviderAnswer, ids: readonly string[]): void {
  if (isUnchanged(readRefusal(answer))) return;
  readAnswer(z.unknown(), answer);
  const { byId, unowned } = partialErrorsOf(answer);
  const [error] = [...ids.flatMap((id) => byId.get(id) ?? []), ...unowned];
  if (error) throw error;
}

/**
 * Reads the `body` of a successful answer; where there is none, an empty one.
 * @throws {LatchkeyError} provider_unavailable – no JSON in it, which is how outages show
 * @throws {LatchkeyError} provider_unexpected – JSON of another shape
 * @throws {LatchkeyError} – as the table of errors says, when it is a refusal
 */
export function readAnswer<T extends z.ZodType>(schema: T, answer: ProviderAnswer): z.output<T> {
  assertAccepted(answer);
  const envelope = z.looseObject({ body: z.unknown().optional() }).safeParse(parseJson(answer.body));
  if (!envelope.success) throw toError(withoutJson, readRefusal(answer));
  const result = schema.safeParse(envelope.data.body ?? {});
  if (result.success) return result.data;
  const fields = result.error.issues.map(({ path }) => path.join('.') || 'the whole');
  throw toError(
    { ...withoutKey, message: `${withoutKey.message}: ${fields.join(', ')}` },
    readRefusal(answer),
  );
}
