/** What a push says, translated. Pure: no I/O, no clock; never throws. */
import { parseJson } from '../../domain/text.ts';
import type { PlainTranslation } from '../provider.ts';
import { Push } from './push.ts';
import { rowOf } from './push-rows.ts';

export function translateDelivery(raw: string): PlainTranslation {
  const push = Push.safeParse(parseJson(raw)).data;
  if (!push || (push.push_type === undefined && push.event_type === undefined))
    return { kind: 'unreadable', reason: 'is no push of Netatmo’s' };
  const row = rowOf(push);
  if (!row) return { kind: 'unreadable', reason: 'is a push of a kind that is not known' };
  if ('ignored' in row) return { kind: 'ignored', reason: row.ignored };
  const told = row.read(push);
  return told
    ? { kind: 'reports', reports: [], ...told }
    : { kind: 'unreadable', reason: 'does not say what a push of its kind says' };
}
