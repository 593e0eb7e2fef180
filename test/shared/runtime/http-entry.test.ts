import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { parse } from 'node-html-parser';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { startSecretsManager } from '../../../infra/local/secrets-manager.ts';
import { ACCESS_REFUSED } from '../../../shared/api/log-words.ts';
import { pageHeaders } from '../../../shared/api/page.ts';
import { LatchkeyError } from '../../../shared/domain/error.ts';
import { errorPolicy } from '../../../shared/domain/error-policy.ts';
import { remainingMs } from '../../../shared/runtime/deadline.ts';
import { type Handlers, httpEntry } from '../../../shared/runtime/http-entry.ts';
import { link } from '../domain/samples.ts';
import { invocation, type Request, toEvent } from './events.ts';

const TOKEN = 'a'.repeat(43);
const LINK_ID = link.linkId;
const started = { id: LINK_ID, url: 'https://api.example/link/1', expiresAt: link.expiresAt };
const view = {
  id: LINK_ID,
  provider: 'legrand',
  owner: 'o',
  status: 'pending',
  expiresAt: link.expiresAt,
} as const;

let secretsManager: Awaited<ReturnType<typeof startSecretsManager>>;
beforeAll(async () => {
  secretsManager = await startSecretsManager({});
  await secretsManager.write('workspace-token', JSON.stringify({ token: TOKEN }));
  vi.stubEnv('AWS_ENDPOINT_URL_SECRETS_MANAGER', secretsManager.url);
  vi.stubEnv('AWS_REGION', 'eu-west-1');
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'any');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'any');
  vi.stubEnv('WORKSPACE_TOKEN_SECRET_ID', 'workspace-token');
  vi.stubEnv('TABLE_NAME', 'latchkey');
  vi.stubEnv('LOG_LEVEL', 'SILENT');
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await secretsManager.close();
});

type LinkHandlers = Handlers<'start-link', object>;
const connect = vi.fn(async () => ({}));
const startLink = vi.fn<LinkHandlers['startLink']>();
const showLink = vi.fn<LinkHandlers['showLink']>();
const openLink = vi.fn<LinkHandlers['openLink']>();

beforeEach(() => {
  connect.mockReset().mockResolvedValue({});
  startLink.mockReset().mockResolvedValue(started);
  showLink.mockReset().mockResolvedValue(view);
  openLink
    .mockReset()
    .mockResolvedValue({ status: 302, headers: { location: 'https://login.example' }, cookies: ['a=b'] });
});

/** A function that has just started. */
const cold = () => {
  const handler = httpEntry('start-link', connect, { startLink, showLink, openLink });
  return (request: Request) =>
    handler(toEvent(request), invocation()) as Promise<APIGatewayProxyStructuredResultV2>;
};
const call = (request: Request) => cold()(request);
const start = (more: Partial<Request> = {}): Request => ({
  routeKey: 'POST /v1/links',
  token: `lk_${TOKEN}`,
  body: { provider: 'legrand', owner: 'owner-1' },
  ...more,
});
const show = (more: Partial<Request> = {}): Request => ({
  routeKey: 'GET /v1/links/{linkId}',
  token: `lk_${TOKEN}`,
  params: { linkId: LINK_ID },
  ...more,
});
const open: Request = { routeKey: 'GET /link/{linkId}', params: { linkId: LINK_ID } };
const problemOf = ({ body }: APIGatewayProxyStructuredResultV2) => JSON.parse(body ?? '');

test('answers with the status and the schema of the route', async () => {
  const answer = await call(start());
  expect(answer).toEqual({
    statusCode: 201,
    headers: { 'content-type': 'application/json', 'cache-control': 'no-store' },
    body: JSON.stringify(started),
  });
});

test('gives the handler what was sent, parsed, and who sent it', async () => {
  const body = { provider: 'legrand', owner: 'owner-1', scopes: ['comfort.read'] };
  await call(start({ body }));
  expect(startLink.mock.calls[0]?.[1]).toMatchObject({
    body,
    access: { tokenId: 'workspace', reach: { kind: 'workspace' } },
    event: { routeKey: 'POST /v1/links' },
  });
});

test('reads a body in base 64', async () => {
  const text = Buffer.from('{"provider":"legrand","owner":"zoë"}').toString('base64');
  expect((await call(start({ body: undefined, text, isBase64Encoded: true }))).statusCode).toBe(201);
  expect(startLink.mock.calls[0]?.[1].body.owner).toBe('zoë');
});

test('shows nothing that the schema of the answer does not have', async () => {
  showLink.mockResolvedValue({ ...view, stateHash: 'PRIVATE' } as typeof view);
  expect((await call(show())).body).toBe(JSON.stringify(view));
});

test('passes redirects and pages on as they are', async () => {
  expect(await call(open)).toEqual({
    statusCode: 302,
    headers: { location: 'https://login.example' },
    cookies: ['a=b'],
  });
  expect(openLink.mock.calls[0]?.[1].access).toBeUndefined();
});

test('connects with the first request, once, and again only if that failed', async () => {
  const warm = cold();
  expect(connect).not.toHaveBeenCalled();
  connect.mockRejectedValueOnce(new Error('no network yet'));
  expect((await warm(show())).statusCode).toBe(500);
  expect((await warm(show())).statusCode).toBe(200);
  expect((await warm(show())).statusCode).toBe(200);
  expect(connect).toHaveBeenCalledTimes(2);
});

test('knows how long the invocation may still run', async () => {
  const handler = httpEntry('describe-api', async () => ({}), {
    health: async () => ({ status: 'ok' }),
    openapi: async () => ({ openapi: String(remainingMs()) }),
    listProblems: async () => ({ items: [] }),
    showProblem: async () => Promise.reject(new Error('not asked here')),
  });
  const answer = await handler(toEvent({ routeKey: 'GET /openapi.json' }), invocation(1234));
  expect(problemOf(answer)).toEqual({ openapi: '1234' });
});

test('tells the log of a wrong token and where it came from, and of no request without one', async () => {
  vi.stubEnv('LOG_LEVEL', 'WARN');
  const lines: string[] = [];
  const note = (line: unknown) => lines.push(String(line)) > 0;
  const streams = [process.stdout, process.stderr].map((stream) =>
    vi.spyOn(stream, 'write').mockImplementation(note),
  );
  const wrong = `lk_${'b'.repeat(43)}`;
  expect((await call(show({ token: wrong }))).statusCode).toBe(401);
  expect((await call(show({ token: undefined }))).statusCode).toBe(401);
  vi.stubEnv('LOG_LEVEL', 'SILENT');
  for (const stream of streams) stream.mockRestore();
  expect(lines).toHaveLength(1);
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({
    level: 'WARN',
    message: ACCESS_REFUSED,
    address: '127.0.0.1',
    route: 'GET /v1/links/{linkId}',
  });
  expect(lines[0]).not.toContain(wrong);
});

describe('refuses', () => {
  test.each(['HEAD /v1/links', 'GET /v1/events', '$default', 'constructor'])(
    '%s, which is not its route',
    async (routeKey) => {
      const answer = await call({ routeKey, token: `lk_${TOKEN}` });
      expect(answer.statusCode).toBe(404);
      expect(answer.headers).toEqual({
        'content-type': 'application/problem+json',
        'cache-control': 'no-store',
      });
      expect(problemOf(answer)).toEqual({
        type: '/problems/route_unknown',
        title: 'There is no such route',
        status: 404,
        code: 'route_unknown',
        detail: 'there is no such route',
        remedy: 'Compare method and path with the API document at /openapi.json',
        actor: 'client',
        retry: 'never',
      });
    },
  );

  test.each([
    ['no token', { token: undefined }],
    ['another token', { token: `lk_${'b'.repeat(43)}` }],
    ['a token without its prefix', { token: TOKEN }],
    ['a token with more behind it', { token: `lk_${TOKEN}a` }],
    ['an empty token', { token: '' }],
    ['another way to say who', { token: undefined, headers: { authorization: `Basic lk_${TOKEN}` } }],
    ['a token in the address', { token: undefined, query: { token: `lk_${TOKEN}` } }],
  ])('%s, before it looks at anything else', async (_, more) => {
    const answer = await call(start({ body: undefined, text: '{', ...more }));
    expect(answer.statusCode).toBe(401);
    expect(answer.headers?.['www-authenticate']).toBe('Bearer');
    expect(problemOf(answer)).toMatchObject({ code: 'access_unauthenticated', remedy: expect.any(String) });
    expect(answer.body).not.toContain(TOKEN);
    expect(connect).not.toHaveBeenCalled();
  });

  test.each([
    ['a field that there is not', { body: { provider: 'legrand', owner: 'o', colour: 'red' } }, ['body']],
    ['a field that is missing', { body: { provider: 'legrand' } }, ['owner']],
    ['several mistakes', { body: { provider: 'nest', owner: '' } }, ['provider', 'owner']],
    [
      'a system that there is not',
      { body: { provider: 'netatmo', owner: 'o', systems: ['magic'] } },
      ['systems.0'],
    ],
    [
      'a user name and a password',
      { body: { provider: 'netatmo', owner: 'o', username: 'u', password: 'p' } },
      ['body'],
    ],
    ['a mistake within a list', { body: { provider: 'legrand', owner: 'o', scopes: [''] } }, ['scopes.0']],
    ['a list for an object', { body: [] }, ['body']],
    ['no JSON', { body: undefined, text: '{' }, ['body']],
    ['nothing', { body: undefined }, ['body']],
  ])('%s with the fields by name', async (_, more, fields) => {
    const answer = await call(start(more));
    expect(answer.statusCode).toBe(400);
    const problem = problemOf(answer);
    expect(problem.code).toBe('request_invalid');
    expect(Object.keys(problem.fields)).toEqual(fields);
    for (const field of fields) expect(problem.detail).toContain(field);
    expect(startLink).not.toHaveBeenCalled();
  });

  test('an id that is none, by the name of the parameter', async () => {
    const answer = await call(show({ params: { linkId: 'lnk_1' } }));
    expect(problemOf(answer)).toMatchObject({ status: 400, fields: { linkId: 'is not a link id' } });
  });
});

describe('what goes wrong inside', () => {
  test.each([
    [
      'an error of ours that is not to be shown',
      new LatchkeyError('config_invalid', 'secret is hunter2'),
      'config_invalid',
      500,
    ],
    ['an error of the store', new LatchkeyError('store_unavailable', 'hunter2'), 'store_unavailable', 503],
    ['an error of nobody', new TypeError('hunter2 is not a function'), 'internal_error', 500],
    ['something that is no error', 'hunter2', 'internal_error', 500],
  ] as const)('is told by its code alone: %s', async (_, error, code, status) => {
    showLink.mockRejectedValue(error);
    const answer = await call(show());
    expect(answer.statusCode).toBe(status);
    const { title, remedy, actor, retry } = errorPolicy[code];
    expect(problemOf(answer)).toEqual({
      type: `/problems/${code}`,
      title,
      status,
      code,
      remedy,
      actor,
      retry,
    });
    expect(JSON.stringify(answer)).not.toContain('hunter2');
  });

  test('includes an answer that is not what the API declares', async () => {
    showLink.mockResolvedValue({ ...view, id: 'PRIVATE' });
    const answer = await call(show());
    expect(answer.statusCode).toBe(500);
    expect(answer.body).not.toContain('PRIVATE');
  });

  test('is told with its details where they help, and when to come again', async () => {
    showLink.mockRejectedValue(
      new LatchkeyError('provider_throttled', 'enough for today', {
        details: { retryAfterSeconds: 59.2, provider: { status: 403, code: 'quota' } },
      }),
    );
    const answer = await call(show());
    expect(answer.statusCode).toBe(429);
    expect(answer.headers?.['retry-after']).toBe('60');
    expect(problemOf(answer)).toMatchObject({
      detail: 'enough for today',
      provider: { status: 403, code: 'quota' },
      retryAfterSeconds: 59.2,
    });
  });

  test.each([
    ['a refusal', new LatchkeyError('link_expired', 'the link was used'), 410, 'The link was used.'],
    ['a failure', new Error('hunter2'), 500, 'Latchkey failed'],
  ])('is a page where a person looks at it: %s', async (_, error, status, says) => {
    openLink.mockRejectedValue(error);
    const answer = await call(open);
    expect(answer.statusCode).toBe(status);
    expect(answer.headers).toEqual(pageHeaders);
    expect(parse(answer.body ?? '').querySelector('main')?.textContent).toContain(says);
    expect(answer.body).not.toContain('hunter2');
  });
});

test.each([
  ['GET /v1/accounts', 200],
  ['POST /v1/accounts/{accountId}/sync', 202],
  ['POST /v1/accounts/{accountId}/webhook/roll', 202],
  ['DELETE /v1/accounts/{accountId}', 204],
])('%s answers %i', async (routeKey, status) => {
  const account = {
    id: 'acc_00000000000000000000',
    provider: 'legrand' as const,
    owner: 'o',
    status: 'linked' as const,
    health: { state: 'good' as const, since: link.createdAt, explanation: 'It works.', next: 'Nothing.' },
    lastingHealth: { state: 'good' as const },
    scopes: [],
    missingScopes: [],
    version: 1,
    linkedAt: link.createdAt,
    webhook: { subscriptions: [] },
    quota: { windows: [] },
  };
  const one = async () => account;
  const unlinkAccount = vi.fn(async () => ({ status: 204 }));
  const handler = httpEntry('manage-accounts', connect, {
    listAccounts: async () => ({ items: [account] }),
    showAccount: one,
    listRotations: async () => ({ items: [] }),
    rotateAccount: one,
    moveAccount: async () => ({ outcome: 'there' as const }),
    claimAccount: one,
    syncAccount: one,
    rollHook: one,
    replayDeliveries: one,
    unlinkAccount,
  });
  const request = { routeKey, token: `lk_${TOKEN}`, params: { accountId: account.id } };
  expect((await handler(toEvent(request), invocation())).statusCode).toBe(status);
});

describe('a body of one of several kinds', () => {
  const PLANT_ID = `plt_${'0'.repeat(20)}_${'0'.repeat(16)}`;
  const MODULE_ID = `mod_${'0'.repeat(20)}_${'0'.repeat(16)}`;
  const command = {
    id: `cmd_${'0'.repeat(20)}_${'0'.repeat(16)}`,
    moduleId: MODULE_ID,
    wish: { action: 'set_plant_mode', mode: 'away' },
    status: 'succeeded',
    acceptedAt: link.expiresAt,
    attempts: 1,
  } as const;

  const send = async (body: unknown) => {
    const sendCommands = vi.fn<Handlers<'send-command', object>['sendCommands']>();
    sendCommands.mockResolvedValue(command);
    const unused = () => Promise.reject(new Error('another route'));
    const handlers = { sendCommands, sendCommand: unused, showCommand: unused };
    const routeKey = 'POST /v1/plants/{plantId}/commands';
    const request = { routeKey, token: `lk_${TOKEN}`, params: { plantId: PLANT_ID }, body };
    const handler = httpEntry('send-command', connect, handlers);
    const { statusCode, body: text = '' } = (await handler(
      toEvent(request),
      invocation(),
    )) as APIGatewayProxyStructuredResultV2;
    return { statusCode, answer: JSON.parse(text), taken: sendCommands.mock.calls[0]?.[1].body };
  };

  test.each([
    { action: 'set_plant_mode', mode: 'away', until: '2026-01-16T06:00:00Z' },
    { action: 'select_schedule', scheduleId: '1', expiresAt: '2026-01-16T06:00:00Z' },
    { action: 'set_presence', present: false, persons: [MODULE_ID] },
    { commands: [{ moduleId: MODULE_ID, action: 'set_switch', on: true }] },
  ])('is taken: %j', async (body) => {
    const { statusCode, taken } = await send(body);
    expect([statusCode, taken]).toEqual([200, body]);
  });

  test.each([
    [{ action: 'set_plant_mode', mode: 'on' }, ['mode']],
    [{ action: 'set_plant_mode', mode: 'away', until: 'soon' }, ['until']],
    [{ action: 'set_presence', present: true, persons: ['Alex'] }, ['persons.0']],
    [{ action: 'set_switch', on: true }, ['action']],
    [{ commands: [] }, ['commands']],
    [{ commands: [{ moduleId: MODULE_ID, action: 'set_position', percent: 101 }] }, ['commands.0.percent']],
    [{}, ['action', 'commands']],
  ])('is refused by the fields of the kind that it comes nearest to: %j', async (body, fields) => {
    const { statusCode, answer, taken } = await send(body);
    expect([statusCode, answer.code, taken]).toEqual([400, 'request_invalid', undefined]);
    expect(Object.keys(answer.fields)).toEqual(fields);
  });
});
