/** What AllThingsTalk said when it refused: three forms of body, and none at all (contract 2.4). Pure: no I/O, no clock. */
import * as z from 'zod';
import { parseJson } from '../../domain/text.ts';
import { type Refusal, refusalText as text, toRefusal } from '../refusal.ts';
import type { ProviderAnswer } from '../request.ts';

const RefusalBody = z.object({ error: text, error_description: text, message: text, Message: text });

export function isRefusal({ status }: ProviderAnswer): boolean {
  return status < 200 || status >= 300;
}

/** What the second form has in `error` is a text, not a code. */
const isCode = (text: string) => /^[a-z][a-z_]*$/.test(text);

/** Reads whatever body came: the words in the order of the contract, plain text as it is; a page says nothing. */
export function readRefusal(answer: ProviderAnswer): Refusal {
  const body = RefusalBody.safeParse(parseJson(answer.body)).data;
  const code = body?.error !== undefined && isCode(body.error) ? body.error : undefined;
  const message =
    body?.error_description ?? body?.message ?? body?.Message ?? body?.error ?? plainText(answer);
  return toRefusal(answer, { code, message });
}

function plainText({ headers, body }: ProviderAnswer): string | undefined {
  const isPlain = headers['content-type']?.startsWith('text/plain') === true;
  return isPlain && body.trim() !== '' ? body : undefined;
}
