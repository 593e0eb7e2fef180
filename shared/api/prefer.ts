/** How long a client waits for an answer, as it says in the header `Prefer`. @see RFC 7240 §4.3 */

export interface Patience {
  readonly seconds: number;
  /** What to answer as `Preference-Applied`; absent where the client did not say. */
  readonly applied?: string;
}

const LONGEST_SECONDS = 25;
const USUAL_SECONDS = 10;

/** Of preferences that are not known, or not well-formed, none is an error: they are passed over. */
export function readPatience(prefer: string | undefined): Patience {
  const wait = prefer?.match(/(?:^|[,;])\s*wait\s*=\s*"?(\d{1,9})"?\s*(?=$|[,;])/i)?.[1];
  if (wait === undefined) return { seconds: USUAL_SECONDS };
  const seconds = Math.min(Number(wait), LONGEST_SECONDS);
  return { seconds, applied: `wait=${seconds}` };
}
