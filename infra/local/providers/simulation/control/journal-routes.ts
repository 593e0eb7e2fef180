import type { Journal } from '../journal.ts';
import { type ControlRoute, control } from './control-route.ts';

export function journalRoutes(journal: Journal<unknown>): ControlRoute[] {
  return [
    control('GET', '/requests', {
      summary: 'the requests seen: method, path, status, user',
      handle: () => journal.requests,
    }),
    control('GET', '/attempts', {
      summary: 'the webhook attempts made, with outcome and latency',
      handle: () => journal.attempts,
    }),
    control('DELETE', '/log', {
      summary: 'empties the logs of requests and attempts',
      handle: () => journal.clear(),
    }),
  ];
}
