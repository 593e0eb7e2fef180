/** An API of Latchkey's with a long feed, in a process of its own: what a copy of many events is read from. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { answerParent } from '../child.ts';

const total = Number(process.argv[2]);
const accountId = `acc_${'0'.repeat(20)}`;
const plantId = `plt_${'0'.repeat(20)}_${'0'.repeat(16)}`;
const MODULES = 50;
const START_MS = Date.parse('2026-01-15T12:00:00Z');

/** As a thermostat's changes are told: two readings an event. */
export function eventAt(index: number) {
  const time = new Date(START_MS + index * 1000).toISOString();
  const moduleId = `mod_${'0'.repeat(20)}_${String(index % MODULES).padStart(16, '0')}`;
  const change = (capability: string, value: number, unit: string) => ({
    capability,
    value,
    unit,
    observedAt: time,
    receivedAt: time,
  });
  return {
    specversion: '1.0',
    id: `evt_${String(index).padStart(26, '0')}`,
    source: `/v1/accounts/${accountId}`,
    type: 'latchkey.module.changed',
    subject: moduleId,
    time,
    datacontenttype: 'application/json',
    data: {
      accountId,
      plantId,
      moduleId,
      device: 'thermostat',
      changes: [
        change('temperature', 15 + (index % 100) / 10, 'C'),
        change('humidity', 40 + (index % 20), '%'),
      ],
    },
  };
}

const server = createServer((request, response) => {
  const url = new URL(request.url ?? '/', 'http://127.0.0.1');
  response.setHeader('content-type', 'application/json');
  if (url.pathname !== '/v1/events') return response.end('{"items":[]}');
  const from = Number(url.searchParams.get('after') ?? 0);
  const count = Math.max(0, Math.min(Number(url.searchParams.get('limit')), total - from));
  const events = Array.from({ length: count }, (_, index) => eventAt(from + index));
  return response.end(JSON.stringify({ events, next: String(from + count) }));
});
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));

const questions = { url: () => `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
export type FeedHostQuestions = typeof questions;
answerParent(questions);
