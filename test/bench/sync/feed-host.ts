/** An API of Latchkey's with a long feed, in a process of its own: what a copy of many events is read from. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { writeSequence } from '../../../shared/domain/feed-place.ts';
import { answerParent } from '../child.ts';
import { eventAt } from './feed-event.ts';

const total = Number(process.argv[2]);
/** Each event in a page of its own. */
const fedEventAt = (index: number) => ({
  ...eventAt(index),
  sequence: writeSequence(0, { page: index + 1, offset: 0 }),
});

const server = createServer((request, response) => {
  const url = new URL(request.url ?? '/', 'http://127.0.0.1');
  response.setHeader('content-type', 'application/json');
  if (url.pathname !== '/v1/events') return response.end('{"items":[]}');
  const from = Number(url.searchParams.get('after') ?? 0);
  const count = Math.max(0, Math.min(Number(url.searchParams.get('limit')), total - from));
  const events = Array.from({ length: count }, (_, index) => fedEventAt(from + index));
  return response.end(JSON.stringify({ events, next: String(from + count), more: from + count < total }));
});
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));

const questions = { url: () => `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
export type FeedHostQuestions = typeof questions;
answerParent(questions);
