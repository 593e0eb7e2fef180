/** One call of the Smarther API: its paths, its headers, and the status looked at before the body. */
import type * as z from 'zod';
import { LatchkeyError } from '../../domain/error.ts';
import type { Session } from '../provider.ts';
import { parseJson } from '../refusal.ts';
import type { ProviderAnswer, ProviderRequest } from '../request.ts';
import { toApiError } from './errors.ts';

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

/** @throws {LatchkeyError} – as the table in errors.ts says, unless it is a success */
export function assertAccepted(answer: ProviderAnswer): void {
  if (answer.status < 200 || answer.status >= 300) throw toApiError(answer);
}

/**
 * Reads a successful answer.
 * @throws {LatchkeyError} provider_unavailable – no JSON in it, which is how outages show
 * @throws {LatchkeyError} provider_unexpected – JSON of another shape
 * @throws {LatchkeyError} – as the table in errors.ts says, when it is a refusal
 */
export function readAnswer<T extends z.ZodType>(schema: T, answer: ProviderAnswer): z.output<T> {
  assertAccepted(answer);
  const body = parseJson(answer.body);
  const details = { provider: { status: answer.status } };
  if (body === undefined) {
    throw new LatchkeyError('provider_unavailable', 'Legrand answered without JSON', { details });
  }
  const result = schema.safeParse(body);
  if (result.success) return result.data;
  const fields = result.error.issues.map(({ path }) => path.join('.') || 'the whole');
  throw new LatchkeyError('provider_unexpected', `Legrand's answer cannot be read: ${fields.join(', ')}`, {
    details,
  });
}
