import type { Answer } from '../../simulation/answer.ts';
import { html, page } from '../../simulation/pages/html.ts';
import { currentCode } from '../login/authenticator.ts';
import type { World } from '../world.ts';

/** In place of an app on a telephone: the codes of everybody who has one. It does not reload by itself. */
export function authenticatorPage({ state, clock }: World): Answer {
  const rows = state.users.flatMap(({ userName, authenticatorSecret: secret }) => {
    if (secret === undefined) return [];
    const { code, validSeconds } = currentCode(secret, clock.now());
    return [
      html`<tr><th scope="row">${userName}</th><td><strong><code>${code}</code></strong></td>
<td>${validSeconds} s</td><td><code>${secret}</code></td></tr>\n`,
    ];
  });
  const content = html`<main>
<h1>Authenticator</h1>
<p>What the authenticator apps of the simulated people show now, by the simulator's clock.</p>
<form method="get" action="/authenticator" class="row"><button class="primary">Show the codes of now</button></form>
<div class="scroll"><table>
<tr><th scope="col">User</th><th scope="col">Code</th><th scope="col">Good for</th><th scope="col">Secret for an app of your own</th></tr>
${rows}</table></div>
<p class="note">A code is taken half a minute early and late as well. <a href="/login">Sign in</a>, <a href="/_sim/">behind the scenes</a></p>
</main>`;
  return page('Authenticator', content);
}
