import type { Answer } from '../../simulation/answer.ts';
import { html, page } from '../../simulation/pages/html.ts';
import { errorNote, hiddenFields, signInFields } from '../../simulation/pages/sign-in-fields.ts';
import { requestFields } from '../oauth/authorization-request.ts';
import { SEED_PASSWORD } from '../seed.ts';
import type { World } from '../world.ts';

/** Who is it, and may the application? The form sends the authorization request back together with the decision. */
export function signInPage(world: World, request: URLSearchParams, error?: string): Answer {
  const people = world.state.users.map(
    ({ name, email, userId }) => html`<li><code>${email}</code> – ${name}, ${homesOf(world, userId)}</li>`,
  );
  const content = html`<main class="narrow">
<h1>Sign in to your Legrand account</h1>
<p>The application <strong>Latchkey</strong> asks to read and control the thermostats of your home.</p>
${errorNote(error)}
<form method="post" action="/authorize">
${hiddenFields(requestFields, request)}${signInFields(request)}
<div class="row">
<button class="primary" name="decision" value="allow">Allow</button>
<button name="decision" value="deny" formnovalidate>Deny</button>
</div>
</form>
<h2>This is a simulation</h2>
<p class="note">Nothing here reaches Legrand. The password of the people below is <code>${SEED_PASSWORD}</code>.</p>
<ul class="note">${people}</ul>
<p class="note"><a href="/_sim/">Look behind the scenes</a></p>
</main>`;
  return page('Sign in', content, error === undefined ? 200 : 401);
}

function homesOf({ state }: World, userId: string): string {
  const plants = state.plants.filter((plant) => plant.userId === userId);
  const thermostats = plants.reduce((sum, plant) => sum + plant.modules.length, 0);
  return `${plants.length} plant${plants.length === 1 ? '' : 's'}, ${thermostats} thermostat${thermostats === 1 ? '' : 's'}`;
}
