/** The reference of problems as a document in Markdown. Pure. */
import type { ProblemEntry, ProviderAnswerView } from './problem-reference.ts';
import { actorWords, endpointWords, retryWords } from './problem-words.ts';

export function problemDocument(entries: readonly ProblemEntry[]): string {
  return `${[...INTRODUCTION, ...entries.flatMap(section)].join('\n')}\n`;
}

const INTRODUCTION = [
  '# Problems',
  '',
  '<!-- Made by `npm run docs` from the tables that the program itself reads; do not edit. -->',
  '',
  'Every error is answered as a problem document (RFC 9457): `type`, `title`, `status`, `code`, mostly `detail`, and always',
  '`remedy` (what can be done), `actor` (who has to do it) and `retry` (whether the same request may succeed later without',
  "anybody changing anything). Where a provider is behind it, `provider` holds the provider's own status, code and words.",
  '`type` leads to the entry below on the API itself: `GET /problems/{code}`, a page or JSON.',
  '',
  'What the providers answer stands beneath the code that it becomes. What a row says of remedy and actor goes before what',
  'the code says.',
];

function section(entry: ProblemEntry): string[] {
  const { code, title, status, explanation, actor, retry, remedy, answers } = entry;
  return [
    '',
    `## ${code}`,
    '',
    `**${title}.** ${explanation}`,
    '',
    `- HTTP status: ${status}`,
    `- Who has to act: ${actorWords[actor]}`,
    `- Does a repeat help? ${retryWords[retry]}`,
    `- What can be done: ${remedy}`,
    ...(answers.length === 0 ? [] : ['', ...answerTable(answers)]),
  ];
}

function answerTable(answers: readonly ProviderAnswerView[]): string[] {
  return [
    '| provider | answers | meaning | who has to act | what can be done | does Latchkey repeat it? |',
    '| --- | --- | --- | --- | --- | --- |',
    ...answers.map(({ provider, endpoint, answer, meaning, actor, remedy, repeats }) => {
      const cells = [
        `${provider}: ${endpointWords[endpoint]}`,
        answer,
        meaning,
        actorWords[actor],
        remedy,
        repeats,
      ];
      return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
    }),
  ];
}
