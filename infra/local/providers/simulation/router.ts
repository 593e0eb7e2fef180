import type { Answer } from './answer.ts';

/** One request, read whole. */
export interface Call {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: string;
  /** The path's variables by name. */
  readonly parameters: Readonly<Record<string, string>>;
}

export interface Route {
  readonly method: string;
  /** `:name` stands for one segment. */
  readonly path: string;
  /** What faults can name; a route without one never fails on purpose. */
  readonly operation?: string;
  /** Its words are matched in any case, and a slash at the end is no matter. */
  readonly lax?: boolean;
  readonly handle: (call: Call) => Answer | Promise<Answer>;
}

export interface Match {
  readonly route: Route;
  readonly parameters: Record<string, string>;
}

export function findRoute(routes: readonly Route[], method: string, path: string): Match | undefined {
  for (const route of routes) {
    const parameters = route.method === method ? matchPath(route, path) : undefined;
    if (parameters) return { route, parameters };
  }
  return undefined;
}

function matchPath({ path: pattern, lax = false }: Route, path: string): Record<string, string> | undefined {
  const wanted = pattern.split('/');
  const given = (lax ? path.replace(/\/$/, '') : path).split('/');
  const isSame = (word: string, text: string) =>
    lax ? word.toLowerCase() === text.toLowerCase() : word === text;
  if (wanted.length !== given.length) return undefined;
  const parameters: Record<string, string> = {};
  for (const [index, segment] of wanted.entries()) {
    const text = given[index] ?? '';
    if (segment.startsWith(':')) parameters[segment.slice(1)] = text;
    else if (!isSame(segment, text)) return undefined;
  }
  return parameters;
}
