import { request } from 'node:http';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type LocalCloud, startLocalCloud } from '../../../infra/local/cloud.ts';
import type { FunctionState } from '../../../infra/local/lambda/function-pool.ts';
import { type WrittenAssembly, writeAssembly } from './assembly-fixture.ts';

const echo = 'exports.handler = async (event) => event;';
const answer = `exports.handler = async (event) => JSON.parse(event.body);`;

let assembly: WrittenAssembly;
let cloud: LocalCloud;

beforeAll(async () => {
  assembly = await writeAssembly({
    functions: {
      echo: { code: echo, environment: { PUBLIC_URL: { 'Fn::GetAtt': ['Api', 'ApiEndpoint'] } } },
      answer: { code: answer },
      throw: { code: `exports.handler = async () => { throw new RangeError('too far'); };` },
      exit: { code: 'exports.handler = async () => process.exit(3);' },
      later: {
        code: `exports.handler = async () => { setTimeout(() => { throw new Error('later'); }, 5); return {}; };`,
      },
      block: { code: 'exports.handler = async () => { for (;;); };', timeoutSeconds: 1 },
      huge: { code: `exports.handler = async () => ({ body: 'x'.repeat(7e6) });` },
      leak: {
        code: `exports.handler = async () => {
          for (const kept = []; ; ) kept.push(new Array(1e5).fill(Math.random())); };`,
      },
      broken: { code: 'module.exports = {};' },
      environment: {
        code: 'exports.handler = async () => ({ ...process.env });',
        environment: { GREETING: 'hello' },
      },
    },
    routes: {
      echo: [
        'GET /v1/links/{linkId}',
        'POST /v1/links',
        'GET /v1/links/health',
        'ANY /files/{rest+}',
        'POST /webhooks/{provider}/{hook}',
      ],
      answer: ['POST /answer'],
      throw: ['GET /throw'],
      exit: ['GET /exit'],
      later: ['GET /later'],
      block: ['GET /block'],
      broken: ['GET /broken'],
      huge: ['GET /huge'],
      leak: ['GET /leak'],
      environment: ['GET /environment'],
    },
  });
  const { assemblyDir, statePath } = assembly;
  cloud = await startLocalCloud({ assemblyDir, statePath, schedules: false });
});
afterAll(async () => {
  await cloud.close(0);
  await assembly.remove();
});

const get = (path: string) => fetch(`${cloud.apiUrl}${path}`);

/** `fetch` would join and reorder; this sends what it is given. */
function send(
  path: string,
  options: { method?: string; headers?: Record<string, string | string[]> },
  body?: Buffer | string,
) {
  return new Promise<{ status: number | undefined; body: string }>((resolve, reject) => {
    const outgoing = request(`${cloud.apiUrl}${path}`, options, async (incoming) => {
      resolve({ status: incoming.statusCode, body: await text(incoming) });
    });
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

test('hands on a request in payload format 2.0', async () => {
  const { body } = await send('/v1/links/a%20b?tag=x&tag=y%26z&empty=', {
    headers: { 'X-Twice': ['one', 'two'], Cookie: 'a=1; b=2', 'User-Agent': 'test' },
  });
  const event = JSON.parse(body);
  expect(event).toMatchObject({
    version: '2.0',
    routeKey: 'GET /v1/links/{linkId}',
    rawPath: '/v1/links/a b',
    rawQueryString: 'tag=x&tag=y%26z&empty=',
    cookies: ['a=1', 'b=2'],
    headers: { 'x-twice': 'one,two', 'x-forwarded-proto': 'http' },
    queryStringParameters: { tag: 'x,y&z', empty: '' },
    pathParameters: { linkId: 'a b' },
    requestContext: {
      http: { method: 'GET', path: '/v1/links/a b', sourceIp: '127.0.0.1', userAgent: 'test' },
      domainName: cloud.apiUrl.replace('http://', ''),
      stage: '$default',
    },
    isBase64Encoded: false,
  });
  expect(event.headers).not.toHaveProperty('cookie');
  expect(event).not.toHaveProperty('body');
  expect(Math.abs(event.requestContext.timeEpoch - Date.now())).toBeLessThan(10_000);
});

test('gives text bodies as text and all others as Base64', async () => {
  const bodyOf = async (contentType: string, body: Buffer | string) => {
    const { body: answered } = await send(
      '/v1/links',
      { method: 'POST', headers: { 'content-type': contentType } },
      body,
    );
    const event = JSON.parse(answered);
    return [event.body, event.isBase64Encoded];
  };
  expect(await bodyOf('application/json; charset=utf-8', '{"é":1}')).toEqual(['{"é":1}', false]);
  const bytes = Buffer.from([0, 255, 128]);
  expect(await bodyOf('application/octet-stream', bytes)).toEqual([bytes.toString('base64'), true]);
  const form = 'code=1';
  expect(await bodyOf('application/x-www-form-urlencoded', form)).toEqual([
    Buffer.from(form).toString('base64'),
    true,
  ]);
});

test('prefers the more specific route and answers 404 where there is none', async () => {
  const routeOf = async (path: string, method = 'GET') => {
    const response = await fetch(cloud.apiUrl + path, { method });
    return response.status === 200 ? Object(await response.json()).routeKey : response.status;
  };
  expect(await routeOf('/v1/links/health')).toBe('GET /v1/links/health');
  expect(await routeOf('/v1/links/other')).toBe('GET /v1/links/{linkId}');
  expect(await routeOf('/files/a/b/c', 'PUT')).toBe('ANY /files/{rest+}');
  expect(await routeOf('/v1/links/a/b')).toBe(404);
  expect(await routeOf('/v1/links/a%2Fb')).toBe(404);
  expect(await routeOf('/v1/links', 'OPTIONS')).toBe(404);
  const missing = await get('/nowhere');
  expect([missing.status, await missing.json()]).toEqual([404, { message: 'Not Found' }]);
});

test('answers with status, headers, cookies and binary bodies as the function says', async () => {
  const response = await fetch(`${cloud.apiUrl}/answer`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      statusCode: 201,
      headers: { 'Content-Type': 'image/png', 'X-Number': 7 },
      cookies: ['a=1; Path=/', 'b=2'],
      body: Buffer.from([1, 2, 255]).toString('base64'),
      isBase64Encoded: true,
    }),
  });
  expect(response.status).toBe(201);
  expect(response.headers.get('content-type')).toBe('image/png');
  expect(response.headers.get('x-number')).toBe('7');
  expect(response.headers.getSetCookie()).toEqual(['a=1; Path=/', 'b=2']);
  expect(Buffer.from(await response.arrayBuffer())).toEqual(Buffer.from([1, 2, 255]));
});

test('answers 500 to a malformed answer', async () => {
  for (const malformed of [{ statusCode: 'many' }, { statusCode: 200, headers: { 'bad name': 'x' } }]) {
    const { status, body } = await send(
      '/answer',
      { method: 'POST', headers: { 'content-type': 'application/json' } },
      JSON.stringify(malformed),
    );
    expect([status, JSON.parse(body)]).toEqual([500, { message: 'Internal Server Error' }]);
  }
});

test('outlives functions that throw, exit, block, break, leak, say too much or fail afterwards', async () => {
  for (const path of ['/throw', '/exit', '/block', '/broken', '/huge', '/leak']) {
    const response = await get(path);
    expect([path, response.status, await response.json()]).toEqual([
      path,
      500,
      { message: 'Internal Server Error' },
    ]);
  }
  expect((await get('/later')).status).toBe(200);
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect((await get('/later')).status).toBe(200);

  const { functions } = (await (await get('/_local/functions')).json()) as { functions: FunctionState[] };
  const lastErrors = Object.fromEntries(
    functions.map(({ name, lastErrors: [error] }) => [name, `${error?.errorType}: ${error?.errorMessage}`]),
  );
  expect(lastErrors['latchkey-test-throw']).toBe('RangeError: too far');
  expect(lastErrors['latchkey-test-exit']).toContain('exit status 3');
  expect(lastErrors['latchkey-test-block']).toMatch(
    /Sandbox.Timedout: .* Task timed out after 1\.00 seconds/,
  );
  expect(lastErrors['latchkey-test-leak']).toContain('memory limit');
  expect(lastErrors['latchkey-test-huge']).toContain('Function.ResponseSizeTooLarge');
  expect(lastErrors['latchkey-test-broken']).toContain('handler is not exported');
  expect((await get('/v1/links/still-here')).status).toBe(200);
});

test('gives functions the environment of the template and of the platform, and nothing of this process', async () => {
  const environment = await (await get('/environment')).json();
  expect(environment).toMatchObject({
    GREETING: 'hello',
    AWS_REGION: 'eu-west-1',
    AWS_LAMBDA_FUNCTION_NAME: 'latchkey-test-environment',
    AWS_ENDPOINT_URL_DYNAMODB: cloud.dynamodbUrl,
    AWS_ENDPOINT_URL_SECRETS_MANAGER: cloud.secretsManagerUrl,
  });
  expect(environment).not.toHaveProperty('PATH');
});

test('refuses a body of more than 10 MB, and survives clients that go away', async () => {
  const tooLarge = await fetch(`${cloud.apiUrl}/v1/links`, {
    method: 'POST',
    body: Buffer.alloc(11 * 1024 * 1024),
  })
    .then((response) => response.status)
    // The server may close while the client still sends: then there is no answer to read.
    .catch(() => 413);
  expect(tooLarge).toBe(413);

  const { port } = new URL(cloud.apiUrl);
  const socket = connect(Number(port), '127.0.0.1');
  socket.write('POST /v1/links HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-length: 100\r\n\r\nhalf');
  await new Promise((resolve) => setTimeout(resolve, 20));
  socket.destroy();
  await get('/v1/links/1').then((response) => expect(response.status).toBe(200));
});

test('keeps the control routes for this machine', async () => {
  const refused = await send('/_local/functions', { headers: { host: 'evil.example' } });
  expect(refused.status).toBe(403);
  const crossSite = await send('/_local/calls', {
    method: 'DELETE',
    headers: { origin: 'https://evil.example' },
  });
  expect(crossSite.status).toBe(403);
  expect((await get('/_local/nothing')).status).toBe(404);
});
