/** What programs on the command line make of answers that are not Latchkey's. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ApiProblem, connectApi } from '../../cli/api.ts';
import { EventPage } from '../../shared/api/views.ts';

let answer = { status: 200, body: '{}' };
const server = createServer((_, response) => {
  response.writeHead(answer.status, { 'content-type': 'application/json' });
  response.end(answer.body);
});
let url: string;
beforeAll(async () => {
  await once(server.listen(0, '127.0.0.1'), 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => server.close());

async function problem(status: number, body: string): Promise<ApiProblem> {
  answer = { status, body };
  const found = await connectApi(url, 'lk_x')
    .get('/v1/events', EventPage, { tries: 1 })
    .catch((error: unknown) => error);
  if (found instanceof ApiProblem) return found;
  throw new TypeError('that was no problem', { cause: found });
}

test('another server’s answer is told in one line, and nothing is waited for', async () => {
  const { message, mayPass } = await problem(200, '{"couchdb":"Welcome"}');
  expect(message).toMatch(
    /^http:.*\/v1\/events is not answered as Latchkey of this version answers \(events: /,
  );
  expect(mayPass).toBe(false);
  expect((await problem(200, '[]')).message).toContain('(the answer: ');
  expect(await problem(404, '{"error":"not_found"}')).toMatchObject({
    message: `${url}/v1/events answers 404`,
    mayPass: false,
  });
});

test('what is no JSON may pass: something before the API can be away', async () => {
  for (const [status, body] of [
    [200, '<html>'],
    [502, 'Bad Gateway'],
    [503, '{"message":"Service Unavailable"}'],
  ] as const)
    expect(await problem(status, body)).toMatchObject({ mayPass: true });
});
