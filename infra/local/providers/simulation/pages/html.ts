import type { Answer } from '../answer.ts';

/** Markup that is safe to put into a page as it is. */
export interface Markup {
  readonly markup: string;
}

const entities: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** A template whose values are escaped, except those that are markup already; lists are joined. */
export function html(
  strings: TemplateStringsArray,
  ...values: readonly (string | number | Markup | readonly Markup[])[]
): Markup {
  let markup = strings[0] ?? '';
  for (const [index, value] of values.entries()) markup += render(value) + strings[index + 1];
  return { markup };
}

function render(value: string | number | Markup | readonly Markup[]): string {
  if (typeof value === 'number') return String(value);
  if (typeof value === 'string') return value.replace(/[&<>"']/g, (sign) => entities[sign] ?? sign);
  if ('markup' in value) return value.markup;
  return value.map(({ markup }) => markup).join('');
}

const style = `
:root { color-scheme: light dark; --ink: light-dark(#1d2433, #eef1f6); --paper: light-dark(#f3f4f7, #14171e);
  --card: light-dark(#fff, #1e232d); --line: light-dark(#cbd0da, #3c4454); --accent: light-dark(#b3122a, #ff8d9c); }
* { box-sizing: border-box; }
body { margin: 0; padding: 2rem 1rem; background: var(--paper); color: var(--ink);
  font: 1rem/1.5 system-ui, sans-serif; }
main { max-width: 52rem; margin: 0 auto; padding: 1.5rem 2rem; background: var(--card); border: 1px solid var(--line);
  border-radius: .75rem; }
main.narrow { max-width: 27rem; }
h1 { margin: 0 0 .5rem; font-size: 1.4rem; } h2 { margin: 2rem 0 .5rem; font-size: 1.1rem; }
label { display: block; margin: 1rem 0 .25rem; font-weight: 600; }
input, select, textarea, button { font: inherit; color: inherit; padding: .5rem .75rem; border-radius: .4rem;
  border: 1px solid var(--line); background: var(--card); }
main.narrow input { width: 100%; }
button { cursor: pointer; } button.primary { background: #b3122a; border-color: #b3122a; color: #fff; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
a { color: var(--accent); } code, pre { font-family: ui-monospace, monospace; font-size: .9em; overflow-wrap: anywhere; }
.row { display: flex; flex-wrap: wrap; gap: .75rem; margin-top: 1.25rem; align-items: end; }
.error { padding: .6rem .8rem; border-left: .3rem solid var(--accent); background: var(--paper); }
.note { font-size: .9rem; opacity: .85; }
table { width: 100%; border-collapse: collapse; } th, td { padding: .35rem .5rem; text-align: left; vertical-align: top;
  border-bottom: 1px solid var(--line); }
.scroll { overflow-x: auto; }
`;

export function page(title: string, content: Markup, status = 200): Answer {
  const whole = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<style>${{ markup: style }}</style>
</head>
<body>${content}</body>
</html>
`;
  return {
    status,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
      'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
    },
    body: whole.markup,
  };
}
