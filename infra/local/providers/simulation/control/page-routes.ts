import type { Answer } from '../answer.ts';
import type { Route } from '../router.ts';

/** A person finds the index page wherever they look first. */
export function pageRoutes(page: () => Answer): Route[] {
  return ['/', '/_sim', '/_sim/'].map((path) => ({ method: 'GET', path, handle: page }));
}
