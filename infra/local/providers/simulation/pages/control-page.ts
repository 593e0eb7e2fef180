/** What the index pages of all simulators have in them. */
import type { ControlRoute } from '../control/control-route.ts';
import type { ActiveFault } from '../faults/active-fault.ts';
import type { FaultKinds } from '../faults/fault-kind.ts';
import { html, type Markup } from './html.ts';

export function clockForm(nowEpochMs: number): Markup {
  return html`<h2>Clock</h2>
<form method="post" action="/_sim/clock" class="row">
<span>It is <code>${new Date(nowEpochMs).toISOString()}</code>.</span>
<div><label for="advance">Seconds to advance</label><input id="advance" name="advanceSeconds" type="number" min="0" value="600"></div>
<button>Advance</button>
</form>`;
}

export function faultForms(faults: readonly ActiveFault[], kinds: FaultKinds): Markup {
  const active = faults.map(
    ({ name, on, times }) =>
      html`<li><code>${name}</code> on ${on.join(', ')}${times === undefined ? '' : `, ${times} more times`}</li>`,
  );
  return html`<h2>Faults</h2>
${active.length === 0 ? html`<p>None is on.</p>` : html`<ul>${active}</ul>`}
<form method="post" action="/_sim/faults" class="row">
<div><label for="fault">Fault</label><select id="fault" name="name">${Object.keys(kinds).map(option)}</select></div>
<div><label for="times">Times</label><input id="times" name="times" type="number" min="1" size="4"></div>
<button>Switch on</button>
</form>
<form method="post" action="/_sim/faults/clear" class="row"><button>Switch all off</button></form>
<p class="note">What each does and its parameters: <a href="/_sim/faults">the list of faults</a>.</p>`;
}

export function routeTable(routes: readonly ControlRoute[]): Markup {
  return html`<h2>Control routes</h2>
<div class="scroll"><table>
<tr><th scope="col">Route</th><th scope="col">What it does</th></tr>
${routes.map(routeRow)}</table></div>`;
}

/** A choice of a list, shown in lower case. */
export function option(name: string): Markup {
  return html`<option value="${name}">${name.toLowerCase()}</option>`;
}

function routeRow({ method, path, summary }: ControlRoute): Markup {
  const linked = method === 'GET' && !path.includes(':');
  const shown = linked ? html`<a href="${path}"><code>${path}</code></a>` : html`<code>${path}</code>`;
  return html`<tr><td><code>${method}</code> ${shown}</td><td>${summary}</td></tr>\n`;
}
