/** Parameters of a method, wherever they are: query, form or JSON, for every method (contract 2.1). */
import type { Call } from '../../simulation/router.ts';

export interface Parameters {
  /** Undefined when it is absent or empty. */
  text(name: string): string | undefined;
  /** Undefined when it is absent or no number. */
  number(name: string): number | undefined;
  /** @returns undefined when it is absent */
  flag(name: string): boolean | undefined;
  /** `name[]`, `name[0]`, repeated, separated by commas, or a JSON list. */
  list(name: string): string[];
  /** What JSON holds under the name; a text that is JSON counts. */
  json(name: string): unknown;
}

/** @returns undefined when the body says that it is JSON and is not */
export function readParameters(call: Call): Parameters | undefined {
  const pairs = [...call.query];
  const type = call.headers['content-type']?.split(';')[0]?.trim().toLowerCase();
  let sent: Record<string, unknown> = {};
  if (type === 'application/json') {
    const read = readJson(call.body);
    if (!read) return undefined;
    sent = read;
  } else if (call.body !== '') pairs.push(...new URLSearchParams(call.body));
  return createParameters(pairs, sent);
}

function readJson(body: string): Record<string, unknown> | undefined {
  if (body.trim() === '') return {};
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

function createParameters(
  pairs: readonly (readonly [string, string])[],
  sent: Readonly<Record<string, unknown>>,
): Parameters {
  const text = (name: string): string | undefined => {
    const given = sent[name] ?? pairs.find(([key]) => key === name)?.[1];
    return given === undefined || given === null || given === '' ? undefined : String(given);
  };
  return {
    text,
    number(name) {
      const given = text(name);
      return given === undefined || Number.isNaN(Number(given)) ? undefined : Number(given);
    },
    flag(name) {
      const given = text(name);
      return given === undefined ? undefined : given === 'true' || given === '1';
    },
    list(name) {
      const given = sent[name];
      if (Array.isArray(given)) return given.map(String);
      if (given !== undefined) return String(given).split(',');
      const isOf = (key: string) => key === name || (key.startsWith(`${name}[`) && key.endsWith(']'));
      return pairs.filter(([key]) => isOf(key)).flatMap(([, value]) => value.split(',').filter(Boolean));
    },
    json(name) {
      const given = sent[name] ?? pairs.find(([key]) => key === name)?.[1];
      if (typeof given !== 'string') return given;
      try {
        return JSON.parse(given) as unknown;
      } catch {
        return given;
      }
    },
  };
}
