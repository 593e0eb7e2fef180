/** What failed for single modules although the answer as a whole is a success (contract 2.4). Pure; never throws. */
import * as z from 'zod';
import type { LatchkeyError } from '../../domain/error.ts';
import { parseJson } from '../../domain/text.ts';
import { toError } from '../error-row.ts';
import { refusalText as text, toRefusal } from '../refusal.ts';
import type { ProviderAnswer } from '../request.ts';
import { isAlreadySo, partialRows, undocumentedPartial } from './partial-rows.ts';

export interface PartialErrors {
  /** By the native id of the module, or of the ambient, that each is about; the first one told counts. */
  readonly byId: ReadonlyMap<string, LatchkeyError>;
  /** Those that do not tell whom they are about. */
  readonly unowned: readonly LatchkeyError[];
}

/** `nothing_to_modify` (23) is left out: what was asked for is so. */
export function partialErrorsOf(answer: ProviderAnswer): PartialErrors {
  const byId = new Map<string, LatchkeyError>();
  const unowned: LatchkeyError[] = [];
  for (const { id, code, message } of readEntries(answer.body)) {
    const refusal = toRefusal(answer, { code, message });
    if (isAlreadySo(refusal)) continue;
    const error = toError(partialRows.find(({ when }) => when(refusal)) ?? undocumentedPartial, refusal);
    if (id === undefined) unowned.push(error);
    else if (!byId.has(id)) byId.set(id, error);
  }
  return { byId, unowned };
}

const Entry = z.object({
  id: text.transform((id) => id?.trim() || undefined),
  code: text,
  message: text,
});
type Entry = z.infer<typeof Entry>;

/** An entry that is no object, or says nothing, is left out without the rest. */
const Entries = z
  .array(
    Entry.transform((entry) =>
      Object.values(entry).some((value) => value !== undefined) ? [entry] : [],
    ).catch([]),
  )
  .transform((entries) => entries.flat())
  .catch([]);
const Holder = z.object({ errors: Entries }).catch({ errors: [] });

/** In `body.errors` wherever it was recorded; one client looks for them beside `body`. */
function readEntries(json: string): Entry[] {
  const answer = parseJson(json);
  const { body } = z.object({ body: z.unknown().optional() }).safeParse(answer).data ?? {};
  return [...Holder.parse(body).errors, ...Holder.parse(answer).errors];
}
