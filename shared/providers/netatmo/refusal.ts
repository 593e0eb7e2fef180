/**
 * What Netatmo said when it refused: the API's envelope, or the flat form of its token endpoint. Pure: no I/O, no clock.
 */
import * as z from 'zod';
import { parseJson } from '../../domain/text.ts';
import { type Refusal, refusalText as text, toRefusal } from '../refusal.ts';
import type { ProviderAnswer } from '../request.ts';

const RefusalBody = z.object({
  error: z
    .union([
      z.object({ code: text, message: text }),
      z.string().transform((code) => ({ code, message: undefined })),
    ])
    .optional()
    .catch(undefined),
  error_description: text,
});

/** Whether an answer refuses as a whole; what went wrong with single modules is not told by this. */
export function isRefusal(answer: ProviderAnswer): boolean {
  return answer.status < 200 || answer.status >= 300 || readBody(answer).error !== undefined;
}

/** Reads whatever body came; an empty one, HTML and other junk say nothing. */
export function readRefusal(answer: ProviderAnswer): Refusal {
  const { error, error_description: description } = readBody(answer);
  return toRefusal(answer, { code: error?.code, message: description ?? error?.message });
}

function readBody({ body }: ProviderAnswer): Partial<z.infer<typeof RefusalBody>> {
  return RefusalBody.safeParse(parseJson(body)).data ?? {};
}
