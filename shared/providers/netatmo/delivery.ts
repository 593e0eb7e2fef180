/** What a push says, translated. Pure: no I/O, no clock; never throws. */
import type { Translation } from '../provider.ts';

export function translateDelivery(_raw: string): Translation {
  return { kind: 'unreadable', reason: 'is no push of Netatmo’s' };
}
