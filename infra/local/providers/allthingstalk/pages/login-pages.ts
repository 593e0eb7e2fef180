import type { Answer } from '../../simulation/answer.ts';
import { html, type Markup, page } from '../../simulation/pages/html.ts';
import { errorNote } from '../../simulation/pages/sign-in-fields.ts';
import type { User } from '../state.ts';
import { devicesOf, type World } from '../world.ts';

/** Who is it? */
export function passwordPage(world: World, userName = '', error?: string): Answer {
  const content = html`<main class="narrow">
<h1>AllThingsTalk Maker</h1>
<p>Sign in to see your grounds and their tokens.</p>
${errorNote(error)}
<form method="post" action="/login/password">
<label for="username">User name</label>
<input id="username" name="username" autocomplete="username" required value="${userName}">
<label for="password">Password</label>
<input id="password" name="password" type="password" autocomplete="current-password" required>
<div class="row"><button class="primary">Sign in</button></div>
</form>
<h2>This is a simulation</h2>
<p class="note">Nothing here reaches AllThingsTalk. These people can sign in:</p>
<ul class="note">${world.state.users.map((user) => html`<li>${describeUser(world, user)}</li>`)}</ul>
<p class="note"><a href="/authenticator">Authenticator</a>, <a href="/_sim/">behind the scenes</a></p>
</main>`;
  return page('Sign in – AllThingsTalk Maker', content, error === undefined ? 200 : 401);
}

function describeUser(world: World, { userId, userName, name, password, authenticatorSecret }: User): Markup {
  const grounds = world.state.grounds.filter(({ ownerId }) => ownerId === userId);
  const devices = grounds.reduce((sum, { groundId }) => sum + devicesOf(world, groundId).length, 0);
  const second = authenticatorSecret === undefined ? '' : ', with an authenticator';
  return html`${userName} – ${name}, password <code>${password}</code>${second}, ${devices} devices`;
}

/** Is it really them? The form carries the challenge along. */
export function codePage(mfaUid: string, userId: string, error?: string): Answer {
  const content = html`<main class="narrow">
<h1>Verification code</h1>
<p>Open your authenticator app and type the code that it shows for AllThingsTalk.</p>
${errorNote(error)}
<form method="post" action="/login/code">
<input type="hidden" name="MfaUid" value="${mfaUid}">
<input type="hidden" name="UserId" value="${userId}">
<label for="code">Code of six digits</label>
<input id="code" name="VerificationCode" inputmode="numeric" autocomplete="one-time-code" required>
<div class="row"><button class="primary">Verify</button></div>
</form>
<p class="note">In this simulation the app is a page: <a href="/authenticator" target="_blank">Authenticator</a>.
<a href="/login">Start again</a></p>
</main>`;
  return page('Verification code – AllThingsTalk Maker', content, error === undefined ? 200 : 401);
}
