import * as z from 'zod';
import { LatchkeyError } from '../domain/error.ts';
import type { Secrets } from './secrets.ts';

/** The deployment's own secret: the root key, and what each provider gave our application. */
export const AppSecret = z.object({
  rootKey: z.string().min(32),
  /** Webhook addresses made before it prove nothing, epoch seconds; raised by an operator to end them all at once. */
  hookEpoch: z.int().default(1),
  legrand: z.object({
    clientId: z.string(),
    clientSecret: z.string(),
    subscriptionKey: z.string(),
  }),
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

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
