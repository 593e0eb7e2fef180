import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { problemDocument } from '../../shared/api/problem-document.ts';
import { KnownCode } from '../../shared/domain/problem.ts';
import { problems } from '../../shared/runtime/problems.ts';

const document = readFileSync(new URL('../../docs/problems.md', import.meta.url), 'utf8');

test('docs/problems.md is what `npm run docs` makes of the tables as they are', () => {
  expect(document).toBe(problemDocument(problems));
});

test('docs/problems.md has a heading for every code, and a row for every answer', () => {
  const headings = [...document.matchAll(/^## (\w+)$/gm)].map(([, code]) => code);
  expect(headings).toEqual(KnownCode.options);
  const rows = document.match(/^\| (?!provider|---).*\|$/gm) ?? [];
  expect(rows).toHaveLength(problems.flatMap(({ answers }) => answers).length);
});
