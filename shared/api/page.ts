/** The pages that an owner sees: plain HTML that works without scripts, under a policy that allows none. */
import { createHash } from 'node:crypto';
import type { Problem } from '../domain/problem.ts';
import { displayNames, type ProviderName } from '../domain/provider-name.ts';

const STYLE = `
:root { color-scheme: light dark; font: 1.0625rem/1.5 system-ui, sans-serif; }
body { max-width: 34rem; margin: 12vh auto 0; padding: 0 1.5rem; }
h1 { font-size: 1.5rem; line-height: 1.2; }
h2 { font-size: 1.125rem; margin-top: 2rem; }
dt { opacity: .7; }
dd { margin: 0 0 .5rem; }
small { opacity: .7; }
code { overflow-wrap: anywhere; }
label { display: block; }
input, button { font: inherit; padding: .375rem .625rem; }
input { width: 100%; box-sizing: border-box; }
[role=alert] { border-left: .25rem solid; padding-left: 1rem; }
`;

/** Headers of every page: nothing is loaded, framed, cached or told to the next site. */
export const pageHeaders: Readonly<Record<string, string>> = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': `default-src 'none'; style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'; frame-ancestors 'none'; base-uri 'none'`,
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'cache-control': 'no-store',
};

/** @param byHand – what the owner can give to a rule at the provider, so that changes are told at once */
export function linkedPage(provider: ProviderName, byHand?: { url: string; bodyTemplate: string }): string {
  const name = toHtml(displayNames[provider]);
  return page('Your account is linked', [
    ...[`Your ${name} account is linked.`, 'You can close this window.'].map(paragraph),
    ...(byHand ? rulesBlocks(name, byHand) : []),
  ]);
}

function rulesBlocks(name: string, { url, bodyTemplate }: { url: string; bodyTemplate: string }): string[] {
  return [
    '<h2>To have changes told at once</h2>',
    `<p>Otherwise they are noticed within some minutes. At ${name}, make a rule with a webhook (POST) to this address, and keep the address to yourself:</p>`,
    `<p><code>${toHtml(url)}</code></p>`,
    '<p>Its body is the following, with the device, the asset and its value bound in place of the braces:</p>',
    `<p><code>${toHtml(bodyTemplate)}</code></p>`,
  ];
}

export function problemPage(problem: Problem): string {
  return page(problem.title, problemBlocks(problem));
}

/** What is wrong and what can be done, for a person. */
export function problemBlocks({ detail, remedy, code }: Problem): string[] {
  // What may not be told to strangers has a remedy for the operator, and none for the person in front of the page.
  const advice =
    detail === undefined ? 'Nothing is wrong with what you did. Please try again later.' : remedy;
  const paragraphs = [
    ...(detail ? [sentence(detail)] : []),
    ...(advice ? [toHtml(advice)] : []),
    `<small>${toHtml(code)}</small>`,
  ];
  return paragraphs.map(paragraph);
}

/** @param blocks – HTML, its text made safe by `toHtml` */
export function page(title: string, blocks: readonly string[]): string {
  return [
    '<!doctype html>',
    '<html lang="en">',
    '<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">',
    `<title>${toHtml(title)}</title><style>${STYLE}</style></head>`,
    `<body><main><h1>${toHtml(title)}</h1>`,
    ...blocks,
    '</main></body></html>',
  ].join('\n');
}

export function toHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

export function paragraph(html: string): string {
  return `<p>${html}</p>`;
}

function sentence(text: string): string {
  return toHtml(`${text.charAt(0).toUpperCase()}${text.slice(1)}.`);
}
