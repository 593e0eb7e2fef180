import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import { accountIdFor } from '../../../shared/domain/ids.ts';
import { signHook } from '../../../shared/providers/signature.ts';
import { deriveKey } from '../../../shared/vault/root-key.ts';
import { type Settings, WrongArguments } from '../wish.ts';

const AppSecret = z.looseObject({ rootKey: z.string().min(1), hookEpoch: z.int().default(1) });

/**
 * The address that is told, or one of an account that nobody ever linked: a webhook's address proves itself without
 * any look-up, and what such an account is sent is kept and means nothing.
 * @param appSecret text of the secret `latchkey/<stage>/app`
 * @throws {WrongArguments} when neither is there, or one of them is not what it should be
 */
export function webhookUrl({ url, api }: Settings, appSecret: string | undefined): string {
  if (url !== undefined) return readUrl('url', url, '/webhooks/');
  if (api === undefined) throw new WrongArguments('deployed needs --api or --url');
  const { rootKey, hookEpoch } = readAppSecret(appSecret);
  const accountId = accountIdFor('legrand', 'nobody', randomUUID());
  const hookKey = { key: deriveKey(rootKey, 'hook'), epoch: hookEpoch };
  const hook = signHook(hookKey, 'legrand', { accountId, epoch: hookEpoch });
  return `${readUrl('api', api, '').replace(/\/+$/, '')}/webhooks/legrand/${hook}`;
}

function readUrl(option: string, text: string, holds: string): string {
  if (URL.canParse(text) && /^https?:$/.test(new URL(text).protocol) && text.includes(holds)) return text;
  throw new WrongArguments(`--${option} is not an address such as https://api.example${holds}`);
}

function readAppSecret(text: string | undefined): z.infer<typeof AppSecret> {
  const parsed = z
    .string()
    .transform((json) => JSON.parse(json))
    .pipe(AppSecret);
  try {
    return parsed.parse(text);
  } catch {
    // What was wrong with it could quote it.
    throw new WrongArguments('LATCHKEY_APP_SECRET is not the text of the app secret, {"rootKey": …}');
  }
}
