/** `npm run docs`: writes the documents that are made from the program's own tables. */
import { writeFileSync } from 'node:fs';
import { problemDocument } from '../shared/api/problem-document.ts';
import { problems } from '../shared/runtime/problems.ts';

writeFileSync(new URL('../docs/problems.md', import.meta.url), problemDocument(problems));
