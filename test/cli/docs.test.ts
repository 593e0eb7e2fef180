import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { deviceDocument, deviceSummary } from '../../shared/api/device-document.ts';
import { problemDocument } from '../../shared/api/problem-document.ts';
import { KnownCode } from '../../shared/domain/problem.ts';
import { deviceTables } from '../../shared/providers/device-tables.ts';
import { problems } from '../../shared/runtime/problems.ts';
import { supportedDevices } from '../../shared/runtime/supported-devices.ts';

const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
const document = read('docs/problems.md');

test('docs/problems.md is what `npm run docs` makes of the tables as they are', () => {
  expect(document).toBe(problemDocument(problems));
});

test('docs/problems.md has a heading for every code, and a row for every answer', () => {
  const headings = [...document.matchAll(/^## (\w+)$/gm)].map(([, code]) => code);
  expect(headings).toEqual(KnownCode.options);
  const rows = document.match(/^\| (?!provider|---).*\|$/gm) ?? [];
  expect(rows).toHaveLength(problems.flatMap(({ answers }) => answers).length);
});

test('docs/devices.md and the table in the README are what `npm run docs` makes of the rows as they are', () => {
  expect(read('docs/devices.md')).toBe(deviceDocument(supportedDevices));
  expect(read('README.md')).toContain(
    `do not edit -->\n${deviceSummary(supportedDevices)}\n<!-- /devices -->`,
  );
});

test('docs/devices.md has a line for every row of every provider', () => {
  const rows = read('docs/devices.md').match(/^\| `.*\|$/gm) ?? [];
  expect(rows).toHaveLength(Object.values(deviceTables).flat().length);
});
