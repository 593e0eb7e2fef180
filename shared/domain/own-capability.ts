/**
 * What a module calls its own, as the name of a capability: `value.` and the module's name for it. Letters, digits, `_`,
 * `-` and `.` stand for themselves, every other byte of its UTF-8 as `~` and two hexadecimal digits, so that names never
 * need to be encoded in addresses. What would be longer than 64 characters is cut, with a digest of the whole at its end;
 * the profile has the full name. Pure: no I/O, no clock.
 */
import { createHash } from 'node:crypto';
import * as z from 'zod';

const PREFIX = 'value.';
const LONGEST = 64;
const DIGEST_LENGTH = 12;
/** Between what is left of a long name and its digest; an escape never reads so. */
const CUT = '~~';

export const OwnCapability = z.templateLiteral([
  PREFIX,
  z.string().regex(new RegExp(`^(?=.{1,${LONGEST}}$)(?:[A-Za-z0-9_.-]|~[0-9a-f]{2}|${CUT})+$`)),
]);
export type OwnCapability = z.infer<typeof OwnCapability>;

/** The capability for what a module calls so; different names have different ones. */
export function ownCapability(name: string): OwnCapability {
  const escaped = Array.from(new TextEncoder().encode(name), escapeByte).join('');
  if (escaped.length > 0 && escaped.length <= LONGEST) return `${PREFIX}${escaped}`;
  const digest = createHash('sha256').update(name).digest('hex').slice(0, DIGEST_LENGTH);
  // An escape that is cut through would be read as another character.
  const kept = escaped.slice(0, LONGEST - CUT.length - DIGEST_LENGTH).replace(/~[0-9a-f]?$/, '');
  return `${PREFIX}${kept}${CUT}${digest}`;
}

function escapeByte(byte: number): string {
  const character = String.fromCharCode(byte);
  return /[A-Za-z0-9_.-]/.test(character) ? character : `~${byte.toString(16).padStart(2, '0')}`;
}
