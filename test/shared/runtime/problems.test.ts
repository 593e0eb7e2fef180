import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { parse } from 'node-html-parser';
import { describe, expect, test } from 'vitest';
import { ProblemEntry } from '../../../shared/api/problem-reference.ts';
import { LatchkeyError } from '../../../shared/domain/error.ts';
import { errorPolicy } from '../../../shared/domain/error-policy.ts';
import { KnownCode, toProblem } from '../../../shared/domain/problem.ts';
import { errorTables } from '../../../shared/providers/error-tables.ts';
import { httpEntry } from '../../../shared/runtime/http-entry.ts';
import { problemOf, problems } from '../../../shared/runtime/problems.ts';
import { invocation, toEvent } from './events.ts';

const BROWSER = 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8';

const handler = httpEntry('describe-api', async () => ({}), {
  health: async () => ({ status: 'ok' }),
  openapi: async () => ({ openapi: '3.1.0' }),
  listProblems: async () => ({ items: [...problems] }),
  showProblem: async (_, { params }) => problemOf(params.code),
});
const list = (accept: string) =>
  handler(toEvent({ routeKey: 'GET /problems', headers: { accept } }), invocation());
const show = (code: string, accept: string) =>
  handler(
    toEvent({ routeKey: 'GET /problems/{code}', params: { code }, headers: { accept } }),
    invocation(),
  ) as Promise<APIGatewayProxyStructuredResultV2>;
const textOf = (html: string | undefined) => parse(html ?? '').querySelector('body')?.structuredText ?? '';

describe.each(KnownCode.options)('%s', (code) => {
  test('is where the type of its problem leads, as a page and as JSON', async () => {
    const { type, title } = toProblem(new LatchkeyError(code, 'any'));
    expect(type).toBe(`/problems/${code}`);
    const page = await show(type.slice('/problems/'.length), BROWSER);
    expect(page).toMatchObject({ statusCode: 200, headers: { 'content-type': 'text/html; charset=utf-8' } });
    const json = await show(code, 'application/json');
    expect(json).toMatchObject({ statusCode: 200, headers: { 'content-type': 'application/json' } });
    const entry = ProblemEntry.parse(JSON.parse(json.body ?? ''));
    const { explanation, remedy, status, actor, retry } = errorPolicy[code];
    expect(entry).toMatchObject({ code, type, title, explanation, remedy, status, actor, retry });
    const text = textOf(page.body);
    for (const words of [title, explanation, remedy, String(status), code]) expect(text).toContain(words);
    for (const { answer, remedy: own } of entry.answers) {
      expect(text).toContain(answer);
      expect(text).toContain(own);
    }
  });
});

test('tells of every row of every cloud beneath the code that it becomes', () => {
  for (const { cloud, api, grants, partial = [] } of Object.values(errorTables)) {
    for (const [endpoint, rows] of [
      ['api', api],
      ['token', grants],
      ['partial', partial],
    ] as const) {
      for (const { code, answer, message, remedy, actor } of rows) {
        expect(problemOf(code).answers).toContainEqual(
          expect.objectContaining({ provider: cloud, endpoint, answer, meaning: message, remedy, actor }),
        );
      }
    }
  }
});

test('says how Latchkey itself repeats', () => {
  const repeatsOf = (code: string, answer: RegExp) =>
    problemOf(code).answers.find((one) => answer.test(one.answer))?.repeats;
  expect(repeatsOf('module_busy', /486/)).toBe('Commands up to 3 times, after 10 s');
  expect(repeatsOf('module_unreachable', /408/)).toMatch(/^Commands once, after 3 s, if sending it twice/);
  expect(repeatsOf('provider_unavailable', /500, 502 or 503/)).toMatch(/after 2 s, each pause twice/);
  expect(repeatsOf('provider_throttled', /quota/)).toMatch(/after how many seconds/);
  expect(repeatsOf('provider_rejected', /430/)).toBe('No');
  expect(repeatsOf('account_unlinked', /AADB2C90080/)).toMatch(/for a day/);
});

test('lists all codes, each with the way to its entry', async () => {
  const answer = (await list(BROWSER)) as APIGatewayProxyStructuredResultV2;
  const page = parse(answer.body ?? '');
  expect(page.querySelectorAll('a').map((link) => link.getAttribute('href'))).toEqual(
    KnownCode.options.map((code) => `/problems/${code}`),
  );
  const json = (await list('application/json')) as APIGatewayProxyStructuredResultV2;
  expect(JSON.parse(json.body ?? '').items).toEqual(problems);
});

test('refuses a code that there is not, in the form that was asked for', async () => {
  const json = await show('constructor', 'application/json');
  expect(json).toMatchObject({ statusCode: 404, headers: { 'content-type': 'application/problem+json' } });
  expect(JSON.parse(json.body ?? '')).toMatchObject({ code: 'problem_unknown', actor: 'client' });
  const page = await show('constructor', BROWSER);
  expect(page).toMatchObject({ statusCode: 404, headers: { 'content-type': 'text/html; charset=utf-8' } });
  expect(textOf(page.body)).toContain('There is no such problem');
});

test('needs no script and no inline style', async () => {
  for (const code of ['provider_unavailable', 'config_invalid']) {
    const page = parse((await show(code, BROWSER)).body ?? '');
    expect(page.querySelectorAll('script, [style], [onload], link, img')).toEqual([]);
    expect(page.querySelectorAll('h1')).toHaveLength(1);
    expect(page.querySelectorAll('h2').length).toBe(problemOf(code).answers.length);
  }
});
