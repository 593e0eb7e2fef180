import type { Answer } from '../../simulation/answer.ts';
import { html, page } from '../../simulation/pages/html.ts';
import { errorNote, hiddenFields, signInFields } from '../../simulation/pages/sign-in-fields.ts';
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
  const signedIn = state.users.find(({ userId }) => userId === state.signedInUserId);
  const content = html`<main class="narrow">
<h1>Netatmo Connect</h1>
<p>The application <strong>Latchkey</strong> asks to:</p>
<ul>${asked.map((scope) => html`<li>${describeScope(scope)} <code>${scope}</code></li>\n`)}</ul>
${errorNote(error)}
<form method="post" action="/oauth2/consent">
${hiddenFields(requestFields, request)}${signedIn ? html`<p>Signed in as <strong>${signedIn.email}</strong>.</p>` : signInFields(request)}
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

function describeUser(world: World, { email, name, userId }: User): string {
  const homes = homesOf(world, userId);
  const modules = homes.reduce((sum, home) => sum + home.modules.length, 0);
  return `${email} – ${name}, ${homes.length} homes, ${modules} modules`;
}
