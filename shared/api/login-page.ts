/** The page of a link at a cloud without a consent page: a form for each way, none of which needs a script. */
import type { Credentials, LoginWords, TokenWords } from '../domain/credentials.ts';
import type { Link } from '../domain/link.ts';
import type { Problem } from '../domain/problem.ts';
import { page, pageHeaders, paragraph, problemBlocks, toHtml } from './page.ts';

export interface LoginPage {
  readonly link: Pick<Link, 'linkId'>;
  readonly words: LoginWords;
  /** Binds what is entered to the page, as a cookie binds it to the browser. */
  readonly state: string;
  /** What was wrong with the last attempt. */
  readonly problem?: Problem | undefined;
  /** That attempt, whose names and ids are shown again; nothing secret is. */
  readonly entered?: Credentials | undefined;
}

export function loginPage({ link, words, state, problem, entered }: LoginPage): string {
  const username = entered?.way === 'password' ? entered.username : '';
  const form = formOf(link, state);
  return page(`Link your ${words.cloud} account`, [
    ...alert(problem),
    heading('password', words.password.title),
    form('password', words.password.hint, 'Sign in', [
      field('username', 'User name', { autocomplete: 'username', value: username }),
      field('password', 'Password', { type: 'password', autocomplete: 'current-password' }),
    ]),
    ...tokenForm('plant_token', words.plantToken),
    ...tokenForm('module_token', words.moduleToken),
  ]);

  function tokenForm(way: 'plant_token' | 'module_token', { title, hint, id, token }: TokenWords): string[] {
    const value = entered?.way === way ? entered.id : '';
    return [
      heading(way, title),
      form(way, hint, 'Link', [
        field('id', id, { autocomplete: 'off', value }, way),
        field('token', token, { autocomplete: 'off', spellcheck: 'false' }, way),
      ]),
    ];
  }
}

/** The second step: it carries what the first one was answered, so that nothing has to be kept meanwhile. */
export function codePage(
  { link, words, state, problem }: Omit<LoginPage, 'entered'>,
  challenge: string,
): string {
  const { title, hint } = words.code;
  const fields = [
    hidden('challenge', challenge),
    field('code', title, { autocomplete: 'one-time-code', inputmode: 'numeric', autofocus: '' }),
  ];
  return page(title, [
    ...alert(problem),
    formOf(link, state)('code', hint, 'Go on', fields),
    paragraph(`<a href="/link/${toHtml(link.linkId)}">Start again</a>`),
  ]);
}

/** A page whose forms go to us, and whose answer may lead to the address that the link returns to. */
export function formHeaders({ returnTo }: Pick<Link, 'returnTo'>): Record<string, string> {
  const policy = pageHeaders['content-security-policy'];
  return {
    ...pageHeaders,
    'content-security-policy': `${policy}; form-action 'self'${returnTo === undefined ? '' : ` ${sourceOf(returnTo)}`}`,
  };
}

/** An app's own scheme has no origin. */
function sourceOf(address: string): string {
  const { protocol, origin } = new URL(address);
  return origin === 'null' ? protocol : origin;
}

function formOf({ linkId }: Pick<Link, 'linkId'>, state: string) {
  return (way: Credentials['way'], hint: string, button: string, fields: readonly string[]): string =>
    [
      `<form method="post" action="/link/${toHtml(linkId)}/credentials" aria-labelledby="${way}">`,
      paragraph(toHtml(hint)),
      hidden('way', way),
      hidden('state', state),
      ...fields,
      paragraph(`<button type="submit">${toHtml(button)}</button>`),
      '</form>',
    ].join('\n');
}

function heading(way: string, title: string): string {
  return `<h2 id="${way}">${toHtml(title)}</h2>`;
}

function field(
  name: string,
  label: string,
  attributes: Readonly<Record<string, string>>,
  prefix = 'login',
): string {
  const id = `${prefix}-${name}`;
  const given = { type: 'text', ...attributes, id, name, required: '' };
  const written = Object.entries(given).map(([key, value]) => `${key}="${toHtml(value)}"`);
  return paragraph(`<label for="${id}">${toHtml(label)}</label> <input ${written.join(' ')}>`);
}

function hidden(name: string, value: string): string {
  return `<input type="hidden" name="${name}" value="${toHtml(value)}">`;
}

function alert(problem: Problem | undefined): string[] {
  return problem ? ['<div role="alert">', ...problemBlocks(problem), '</div>'] : [];
}
