import { Json } from '../house/profile.ts';

/** What a body of JSON says, whatever it is labelled; undefined: it is no JSON object. */
export function readObject(body: string): Record<string, Json> | undefined {
  try {
    const value = Json.parse(JSON.parse(body));
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Names in lower case: clients write them in several ways (contract 1). */
export function lowerNames(value: Json | undefined): Record<string, Json> | undefined {
  if (value === undefined || !isObject(value)) return undefined;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name.toLowerCase(), member]));
}

function isObject(value: Json): value is Record<string, Json> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
