import { expect, test } from 'vitest';
import { prefersJson } from '../../../shared/api/accept.ts';

test.each([
  ['application/json', true],
  ['application/problem+json', true],
  ['Application/JSON; charset=utf-8', true],
  ['application/json, text/plain, */*', true],
  ['application/json;q=0.9, text/html;q=0.8', true],
  ['text/html;q=0, */*', true],
  ['text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8', false],
  ['text/html, application/json;q=0.9', false],
  ['text/html, application/json', false],
  ['application/json;q=0', false],
  ['application/json;q=much, text/html;q=0.1', false],
  ['text/*', false],
  ['*/*', false],
  ['', false],
  [undefined, false],
])('%s', (accept, expected) => {
  expect(prefersJson(accept)).toBe(expected);
});
