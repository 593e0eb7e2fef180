/** One call of the Smarther API: its paths, its headers, and the status looked at before the body. */
import type * as z from 'zod';
import { parseJson } from '../../domain/text.ts';
import { toError } from '../error-row.ts';
import type { Session } from '../provider.ts';
import type { ProviderAnswer, ProviderRequest } from '../request.ts';
import { withoutJson, withoutKey } from './api-rows.ts';
import { judgeApiAnswer } from './errors.ts';
import { readRefusal } from './refusal.ts';

export interface Call {
  readonly method: ProviderRequest['method'];
  readonly path: string;
  readonly body?: unknown;
}

/** Sends and returns answers of any status. */
export type SmartherApi = (session: Session, call: Call) => Promise<ProviderAnswer>;

const id = encodeURIComponent;

export const paths = {
  plants: '/plants',
  topology: (plant: string) => `/plants/${id(plant)}/topology`,
  status: (plant: string, module: string) =>
    `/chronothermostat/thermoregulation/addressLocation/plants/${id(plant)}/modules/parameter/id/value/${id(module)}`,
  programs: (plant: string, module: string) => `${paths.status(plant, module)}/programlist`,
  subscriptions: '/subscription',
  subscribe: (plant: string) => `/plants/${id(plant)}/subscription`,
  subscription: (plant: string, subscription: string) =>
    `/plants/${id(plant)}/subscription/${id(subscription)}`,
};

/** @param apiUrl – base URL without a trailing slash */
export function createSmartherApi(apiUrl: string, subscriptionKey: string): SmartherApi {
  return (session, { method, path, body }) =>
    session.send({
      method,
      url: `${apiUrl}${path}`,
      headers: {
        accept: 'application/json',
        'ocp-apim-subscription-key': subscriptionKey,
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
}

/** @throws {LatchkeyError} – as the table of errors says, unless it is a success */
export function assertAccepted(answer: ProviderAnswer): void {
  const error = judgeApiAnswer(answer);
  if (error) throw error;
}

/**
 * Reads a successful answer.
 * @throws {LatchkeyError} provider_unavailable – no JSON in it, which is how outages show
 * @throws {LatchkeyError} provider_unexpected – JSON of another shape
 * @throws {LatchkeyError} – as the table of errors says, when it is a refusal
 */
export function readAnswer<T extends z.ZodType>(schema: T, answer: ProviderAnswer): z.output<T> {
  assertAccepted(answer);
  const body = parseJson(answer.body);
  if (body === undefined) throw toError(withoutJson, readRefusal(answer));
  const result = schema.safeParse(body);
  if (result.success) return result.data;
  const fields = result.error.issues.map(({ path }) => path.join('.') || 'the whole');
  throw toError(
    { ...withoutKey, message: `${withoutKey.message}: ${fields.join(', ')}` },
    readRefusal(answer),
  );
}
