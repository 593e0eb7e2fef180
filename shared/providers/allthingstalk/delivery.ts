/** What a rule's webhook says, translated. Pure: no I/O, no clock; never throws. */
import type { Translation } from '../provider.ts';

export function translateDelivery(_raw: string): Translation {
  return { kind: 'unreadable', reason: 'is not what the rule was to send' };
}
