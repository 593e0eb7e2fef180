import * as z from 'zod';
import { LatchkeyError } from '../domain/error.ts';
import { parseJson } from '../domain/text.ts';
import type { Secrets } from './secrets.ts';

/** The deployment's own secret: the root key, and what each provider gave our application. */
export const AppSecret = z.object({
  rootKey: z.string().min(32),
  /** Webhook addresses made before it prove nothing, epoch seconds; raised by an operator to end them all at once. */
  hookEpoch: z.int().default(1),
  /**
   * Keys of the sealed vault beside the one that the root key gives: the first seals, all open. An operator puts a new
   * one first, 32 bytes in base64, and may remove an old one when no token set is sealed with it any more.
   */
  sealingKeys: z
    .array(
      z.object({
        id: z.string().regex(/^[\w-]{1,32}$/),
        key: z.base64().refine(isKeyLong, 'is not 32 bytes'),
      }),
    )
    .default([]),
  legrand: z.object({
    clientId: z.string(),
    clientSecret: z.string(),
    subscriptionKey: z.string(),
  }),
  netatmo: z
    .object({ clientId: z.string(), clientSecret: z.string() })
    .default({ clientId: '', clientSecret: '' }),
  /** There is nothing to register there: a program only says what it is. */
  allthingstalk: z.object({ clientId: z.string() }).default({ clientId: 'web' }),
});
export type AppSecret = z.infer<typeof AppSecret>;

/** @throws {LatchkeyError} config_invalid – when the secret is missing or malformed; its content is never quoted */
export async function readAppSecret(secrets: Secrets, secretId: string): Promise<AppSecret> {
  const text = await secrets.read(secretId);
  if (text === undefined) throw new LatchkeyError('config_invalid', `there is no secret ${secretId}`);
  const parsed = AppSecret.safeParse(parseJson(text));
  if (parsed.success) return parsed.data;
  const paths = parsed.error.issues.map((issue) => issue.path.join('.') || 'the whole text');
  throw new LatchkeyError('config_invalid', `secret ${secretId} is malformed at: ${paths.join(', ')}`);
}

function isKeyLong(text: string): boolean {
  return Buffer.from(text, 'base64').length === 32;
}
