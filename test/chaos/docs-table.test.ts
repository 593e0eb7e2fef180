import { expect, test } from 'vitest';
import { differences, readTable, replaceTable } from './docs-table.ts';

const table = `### One

| what | strict | reuse |
| --- | --- | --- |
| dies | survives (a) or survives (b) | **lost** (c) |
| hangs | survives (a) | survives (a) |`;
const document = `before\n<!-- chaos:begin -->\n\n${table}\n\n<!-- chaos:end -->\nafter\n`;

test('reads and replaces what is between the marks, and nothing else', () => {
  expect(readTable(document)).toBe(table);
  expect(replaceTable(document, `${table}\n`)).toBe(document);
  expect(replaceTable(document, 'other')).toBe(
    'before\n<!-- chaos:begin -->\n\nother\n\n<!-- chaos:end -->\nafter\n',
  );
  expect(() => readTable('no marks')).toThrow(RangeError);
});

test('finds no difference in a run that tried less', () => {
  expect(differences(table, table)).toEqual([]);
  const less = table.replace('survives (a) or survives (b)', 'survives (b)').replace('**lost** (c)', '');
  expect(differences(table, less)).toEqual([]);
});

test('finds cells that differ, and rows that only one of them has', () => {
  expect(differences(table, table.replace('survives (b)', 'survives (d)'))).toHaveLength(1);
  expect(differences(table, table.replace('**lost** (c)', 'survives (a)'))).toHaveLength(1);
  expect(differences(table, table.replace('| hangs', '| stops'))).toEqual([
    'only in the document: ### One: hangs',
    'not in the document: ### One: stops',
  ]);
});
