/** What AllThingsTalk said when it refused: three forms of body, and none at all (contract 2.4). Pure: no I/O, no clock. */
import * as z from 'zod';
import { parseJson, type Refusal, refusalText as text, toRefusal } from '../refusal.ts';
import type { ProviderAnswer } from '../request.ts';

const RefusalBody = z.object({ error: text, error_description: text, message: text, Message: text });

export function isRefusal({ status }: ProviderAnswer): boolean {
  return status < 200 || status >= 300;
}

/** Reads whatever body came; an empty one, HTML and other junk say nothing. */
export function readRefusal(answer: ProviderAnswer): Refusal {
  const body = RefusalBody.safeParse(parseJson(answer.body)).data;
  const message = body?.error_description ?? body?.message ?? body?.Message ?? body?.error;
  return toRefusal(answer, { code: body?.error, message });
}
