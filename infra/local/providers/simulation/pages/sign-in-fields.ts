/** What the forms of all account pages have in them. */
import { html, type Markup } from './html.ts';

/** The request that the page was opened with, to be sent back with the decision. */
export function hiddenFields(names: readonly string[], request: URLSearchParams): Markup[] {
  return names.flatMap((name) => {
    const value = request.get(name);
    return value === null ? [] : [html`<input type="hidden" name="${name}" value="${value}">\n`];
  });
}

export function errorNote(error: string | undefined): Markup[] {
  return error === undefined ? [] : [html`<p class="error" role="alert" id="error">${error}</p>`];
}

export function signInFields(request: URLSearchParams): Markup {
  return html`<label for="email">E-mail address</label>
<input id="email" name="email" type="email" autocomplete="username" required value="${request.get('email') ?? ''}">
<label for="password">Password</label>
<input id="password" name="password" type="password" autocomplete="current-password" required>`;
}
