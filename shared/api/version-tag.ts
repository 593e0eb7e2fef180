/** The version of a module's state as HTTP says it: `ETag` and `If-Match`. @see RFC 9110 §8.8.3, §13.1.1 */
import * as z from 'zod';

export function versionTag(version: number): string {
  return `"${version}"`;
}

/** The versions that a request is meant for; `undefined` for any. A weak tag never matches, so it is no valid one. */
export const IfMatch = z
  .string()
  .regex(/^(\*|"\d{1,15}"(\s*,\s*"\d{1,15}")*)$/, 'is not a version in quotes, as `ETag` gives it, or *')
  .transform((tags) => (tags === '*' ? undefined : (tags.match(/\d+/g) ?? []).map(Number)));
