import type { Answer } from '../../simulation/answer.ts';
import { html, page } from '../../simulation/pages/html.ts';
import { requestFields } from '../oauth/authorization-request.ts';
import { describeScope } from '../scopes.ts';
import { SEED_PASSWORD } from '../seed/people.ts';
import type { User } from '../state.ts';
import { homesOf, type World } from '../world.ts';

/** Who is it, and may the application do all this? The form sends the request back with the decision. */
export function consentPage(
  world: World,
  request: URLSearchParams,
  asked: readonly string[],
  error?: string,
): Answer {
  const { state } = world;
  const hidden = requestFields.flatMap((name) => {
    const value = request.get(name);
    return value === null ? [] : [html`<input type="hidden" name="${name}" value="${value}">\n`];
  });
  const signedIn = state.users.find(({ userId }) => userId === state.signedInUserId);
  const content = html`<main class="narrow">
<h1>Netatmo Connect</h1>
<p>The application <strong>Latchkey</strong> asks to:</p>
<ul>${asked.map((scope) => html`<li>${describeScope(scope)} <code>${scope}</code></li>\n`)}</ul>
${error === undefined ? [] : html`<p class="error" role="alert" id="error">${error}</p>`}
<form method="post" action="/oauth2/consent">
${hidden}${signedIn ? html`<p>Signed in as <strong>${signedIn.email}</strong>.</p>` : signInFields(request)}
<div class="row">
<button class="primary" name="decision" value="allow">Yes, I accept</button>
<button name="decision" value="deny" formnovalidate>No</button>
</div>
</form>
<h2>This is a simulation</h2>
<p class="note">Nothing here reaches Netatmo. The password of the people below is <code>${SEED_PASSWORD}</code>.</p>
<ul class="note">${state.users.map((user) => html`<li>${describeUser(world, user)}</li>`)}</ul>
<p class="note"><a href="/_sim/">Look behind the scenes</a></p>
</main>`;
  return page('Netatmo Connect', content, error === undefined ? 200 : 401);
}

function signInFields(request: URLSearchParams) {
  return html`<label for="email">E-mail address</label>
<input id="email" name="email" type="email" autocomplete="username" required value="${request.get('email') ?? ''}">
<label for="password">Password</label>
<input id="password" name="password" type="password" autocomplete="current-password" required>`;
}

function describeUser(world: World, { email, name, userId }: User): string {
  const homes = homesOf(world, userId);
  const modules = homes.reduce((sum, home) => sum + home.modules.length, 0);
  return `${email} – ${name}, ${homes.length} homes, ${modules} modules`;
}
