/** Fills in the form of a page as a browser has it, and presses a button; answers where the browser is sent. */
export async function submitForm(url: string, fields: Readonly<Record<string, string>>): Promise<Response> {
  const markup = await (await fetch(url)).text();
  const form = new URLSearchParams(fields);
  for (const [, name, value] of markup.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)">/g))
    form.set(name ?? '', unescapeMarkup(value ?? ''));
  const action = /<form method="post" action="([^"]*)">/.exec(markup)?.[1] ?? 'no form';
  return fetch(new URL(action, url), { method: 'POST', body: form, redirect: 'manual' });
}

function unescapeMarkup(text: string): string {
  const signs: Record<string, string> = { lt: '<', gt: '>', quot: '"', '#39': "'", amp: '&' };
  return text.replace(/&(#39|\w+);/g, (_, name: string) => signs[name] ?? '');
}

export function locationOf(response: Response): URL {
  return new URL(response.headers.get('location') ?? 'none:');
}
