/** The earliest that any provider can have kept something. */
const EARLIEST = '2000-01-01';

/** Epoch milliseconds of a date (midnight UTC) or of a full time with its zone; else what is wrong with it, in words. */
export function readSince(text: string, now: number): number | string {
  const [date = ''] = /^\d{4}-\d{2}-\d{2}/.exec(text) ?? [];
  const isTime =
    text === date || /T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})$/.test(text.slice(date.length));
  const epochMs = isTime ? Date.parse(text) : Number.NaN;
  // 31 February would be 3 March.
  if (Number.isNaN(epochMs) || new Date(`${date}T00:00:00Z`).toISOString().slice(0, 10) !== date)
    return `--since ${text} is neither a date such as 2025-01-01 nor a time such as 2025-01-01T12:00:00Z`;
  if (epochMs < Date.parse(EARLIEST)) return `--since ${text} is before ${EARLIEST}`;
  return epochMs > now ? `--since ${text} is in the future` : epochMs;
}
