/** The reference of problems as pages: where a problem's `type` leads a person. */

import { page, paragraph, toHtml } from './page.ts';
import type { ProblemEntry, ProviderAnswerView } from './problem-reference.ts';
import { actorWords, endpointWords, retryWords } from './problem-words.ts';

export function problemsPage({ items }: { readonly items: readonly ProblemEntry[] }): string {
  const entries = items.map(
    ({ type, title, code, status }) =>
      `<li><a href="${toHtml(type)}">${toHtml(title)}</a> <small>${toHtml(code)}, ${status}</small></li>`,
  );
  return page('Problems', ['<ul>', ...entries, '</ul>']);
}

export function entryPage(entry: ProblemEntry): string {
  const { title, code, status, explanation, actor, retry, remedy, answers } = entry;
  return page(title, [
    paragraph(toHtml(explanation)),
    paragraph(toHtml(`${remedy}.`)),
    terms([
      ['Code', code],
      ['HTTP status', String(status)],
      ['Who has to act', actorWords[actor]],
      ['Does a repeat help?', retryWords[retry]],
    ]),
    ...answers.flatMap(answerBlocks),
    paragraph('<a href="/problems">All problems</a>'),
  ]);
}

function answerBlocks({ provider, endpoint, answer, meaning, actor, remedy, repeats }: ProviderAnswerView) {
  return [
    `<h2>${toHtml(`${provider}: ${answer}`)}</h2>`,
    paragraph(toHtml(`${meaning}.`)),
    terms([
      ['Answered by', endpointWords[endpoint]],
      ['Who has to act', actorWords[actor]],
      ['What can be done', remedy],
      ['Does Latchkey repeat it?', repeats],
    ]),
  ];
}

function terms(pairs: readonly (readonly [string, string])[]): string {
  const rows = pairs.map(([term, text]) => `<dt>${toHtml(term)}</dt><dd>${toHtml(text)}</dd>`);
  return `<dl>${rows.join('')}</dl>`;
}
