/** `npm run docs`: writes the documents, and the part of the README, that are made from the program's own tables. */
import { readFileSync, writeFileSync } from 'node:fs';
import { deviceDocument, deviceSummary } from '../shared/api/device-document.ts';
import { problemDocument } from '../shared/api/problem-document.ts';
import { problems } from '../shared/runtime/problems.ts';
import { supportedDevices } from '../shared/runtime/supported-devices.ts';

const documents = new URL('../docs/', import.meta.url);
const readme = new URL('../README.md', import.meta.url);

writeFileSync(new URL('problems.md', documents), problemDocument(problems));
writeFileSync(new URL('devices.md', documents), deviceDocument(supportedDevices));
writeFileSync(readme, withSummary(readFileSync(readme, 'utf8')));

/** Between its two marks; the rest is written by hand. */
function withSummary(text: string): string {
  const marks = /(<!-- devices:.*-->\n)[\s\S]*(\n<!-- \/devices -->)/;
  return text.replace(marks, (_, begin, end) => `${begin}${deviceSummary(supportedDevices)}${end}`);
}
