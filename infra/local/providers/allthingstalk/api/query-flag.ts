/** `true` and `True`, under a name in any case. */
export function isTrue(query: URLSearchParams, wanted: string): boolean {
  return [...query].some(
    ([name, value]) => name.toLowerCase() === wanted.toLowerCase() && value.toLowerCase() === 'true',
  );
}
