/**
 * Text from elsewhere as every database takes it: without halves of surrogate pairs, which are left where somebody cut a
 * text within a character. CouchDB refuses them. Pure: no I/O, no clock.
 */

/** An escape in JSON: of a pair, of half of one, or any other. */
const ESCAPE = /\\(?:ud[89ab][\da-f]{2}\\ud[c-f][\da-f]{2}|(?<half>ud[89a-f][\da-f]{2})|.)/gis;
const PERHAPS_HALF = /\\ud[89a-f]/i;

/** `undefined` for what is not JSON; half a character is U+FFFD. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(PERHAPS_HALF.test(text) ? text.replace(ESCAPE, withoutHalf) : text);
  } catch {
    return undefined;
  }
}

function withoutHalf(found: string, half: string | undefined): string {
  return half === undefined ? found : '\\ufffd';
}

/** Bytes of a value as JSON in UTF-8. */
export function jsonBytes(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value));
}

/** @param longest – UTF-16 code units; one less where the last would be half a character */
export function cutText(text: string, longest: number): string {
  const cut = text.slice(0, longest);
  return cut.isWellFormed() ? cut : cut.slice(0, -1);
}
