/**
 * Whether a client would rather have JSON than a page. Where it does not care, it gets the page: whoever opens the
 * address of a problem is more often a person.
 * @see RFC 9110 §12.5.1
 */
export function prefersJson(accept = ''): boolean {
  const ranges = accept.split(',').map(readRange);
  const json = best(ranges, ['application/json', 'application/problem+json', 'application/*', '*/*']);
  const page = best(ranges, ['text/html', 'text/*', '*/*']);
  if (json.quality !== page.quality) return json.quality > page.quality;
  // Clients of APIs name JSON and then let anything else count as much.
  return json.quality > 0 && json.isNamed && !page.isNamed;
}

interface MediaRange {
  readonly type: string;
  readonly quality: number;
}

function readRange(text: string): MediaRange {
  const [type = '', ...parameters] = text.split(';').map((part) => part.trim().toLowerCase());
  const stated = parameters.find((parameter) => parameter.startsWith('q='))?.slice(2);
  const quality = stated === undefined ? 1 : Number(stated);
  return { type, quality: Number.isFinite(quality) ? Math.min(1, Math.max(0, quality)) : 0 };
}

/** The most exact range that matches counts, whatever its quality. */
function best(ranges: readonly MediaRange[], types: readonly string[]) {
  for (const type of types) {
    const range = ranges.find((candidate) => candidate.type === type);
    if (range) return { quality: range.quality, isNamed: !type.includes('*') };
  }
  return { quality: 0, isNamed: false };
}
