/** As much of a browser as an owner needs to give consent: cookies, redirects followed by hand, and real forms. */
import { type HTMLElement, parse } from 'node-html-parser';

export interface Page {
  readonly url: string;
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** Where the page wants the browser to go; absolute. */
  readonly location: string | undefined;
}

export interface Browser {
  /** One request; a redirect is not followed. */
  get(url: string): Promise<Page>;
  /** Opens an address and follows redirects until there is a page. */
  visit(url: string): Promise<Page>;
  /**
   * Fills in the page's form and presses one of its buttons; a redirect is not followed.
   * @param title – the heading that names the form, where the page has several
   * @throws {Error} when the page has no such form, field or button
   */
  submit(page: Page, fields: Readonly<Record<string, string>>, button: string, title?: string): Promise<Page>;
}

const MOST_REDIRECTS = 10;

/** @param held – cookies that it has from the start, by name */
export function createBrowser(held: Readonly<Record<string, string>> = {}): Browser {
  const cookies = new Map(Object.entries(held));

  const request = async (url: string, body?: URLSearchParams): Promise<Page> => {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const answer = await fetch(url, {
      redirect: 'manual',
      headers: cookie === '' ? {} : { cookie },
      ...(body && { method: 'POST', body }),
    });
    for (const header of answer.headers.getSetCookie()) keep(cookies, header);
    const location = answer.headers.get('location');
    return {
      url,
      status: answer.status,
      headers: answer.headers,
      text: await answer.text(),
      location: location === null ? undefined : new URL(location, url).href,
    };
  };

  const browser: Browser = {
    get: (url) => request(url),

    async visit(url) {
      let page = await request(url);
      for (let hops = 0; page.location !== undefined; hops++) {
        if (hops === MOST_REDIRECTS) throw new Error(`${url} redirects without end`);
        page = await request(page.location);
      }
      return page;
    },

    async submit(page, fields, button, title) {
      const form = findForm(page, title);
      const pressed = form?.querySelectorAll('button').find((each) => each.text.trim() === button);
      if (!form || !pressed) throw new Error(`${page.url} has no form with a button «${button}»`);
      const body = new URLSearchParams();
      for (const input of form.querySelectorAll('input')) {
        const name = input.getAttribute('name') ?? '';
        body.set(name, fields[name] ?? input.getAttribute('value') ?? '');
      }
      const unknown = Object.keys(fields).filter((name) => !body.has(name));
      if (unknown.length > 0) throw new Error(`${page.url} has no field ${unknown.join(', ')}`);
      const name = pressed.getAttribute('name');
      if (name !== undefined) body.set(name, pressed.getAttribute('value') ?? '');
      return await request(new URL(form.getAttribute('action') ?? '', page.url).href, body);
    },
  };
  return browser;
}

function findForm({ text }: Page, title: string | undefined): HTMLElement | undefined {
  const html = parse(text);
  const titleOf = (form: HTMLElement) =>
    html.getElementById(form.getAttribute('aria-labelledby') ?? '')?.text.trim();
  return html.querySelectorAll('form').find((form) => title === undefined || titleOf(form) === title);
}

/** One host and one path are enough here, so of a cookie's attributes only its end matters. */
function keep(cookies: Map<string, string>, header: string): void {
  const [pair = '', ...attributes] = header.split(';').map((part) => part.trim());
  const [name = '', value = ''] = pair.split('=', 2);
  if (attributes.includes('Max-Age=0')) cookies.delete(name);
  else cookies.set(name, value);
}
