/** One call of AllThingsTalk's API, and what it answers. */
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
  /** With everything of it encoded. */
  readonly path: string;
  readonly body?: unknown;
}

/** Sends and returns answers of any status. */
export type MakerApi = (session: Session, call: Call) => Promise<ProviderAnswer>;

/** @param url – base URL without a trailing slash, such as `https://api.allthingstalk.io` */
export function createMakerApi(url: string): MakerApi {
  return (session, { method, path, body }) =>
    session.send({
      method,
      url: `${url}${path}`,
      headers: {
        accept: 'application/json',
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
