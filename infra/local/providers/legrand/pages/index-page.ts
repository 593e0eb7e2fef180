import type { Answer } from '../answer.ts';
import { API_PATH } from '../api/gateway.ts';
import type { ControlRoute } from '../control/control-route.ts';
import { faultKinds } from '../faults/fault-kinds.ts';
import { setPointC, ThermostatMode } from '../house/thermostat.ts';
import { wallText } from '../house/wall-clock.ts';
import type { SimulatedPlant } from '../state.ts';
import type { World } from '../world.ts';
import { html, type Markup, page } from './html.ts';

/** The simulator explained to a person, with the levers that a person pulls most. */
export function indexPage(world: World, routes: readonly ControlRoute[]): Answer {
  const { state, url } = world;
  const content = html`<main>
<h1>Legrand, simulated</h1>
<p>The login host and the Smarther v2.0 API of «Works with Legrand», on this machine only. Nothing here is real.</p>
<table>
<tr><th scope="row">Login host</th><td><code>${url}</code></td></tr>
<tr><th scope="row">API</th><td><code>${url}${API_PATH}</code></td></tr>
<tr><th scope="row">Client id</th><td><code>${state.application.clientId}</code></td></tr>
<tr><th scope="row">Secrets</th><td><a href="/_sim/application">client secret, subscription key</a></td></tr>
<tr><th scope="row">Reply URLs</th><td>${state.application.replyUrls.map((reply) => html`<code>${reply}</code><br>`)}</td></tr>
<tr><th scope="row">Subscriptions</th><td><a href="/_sim/subscriptions">${state.subscriptions.length}</a>, ${state.undelivered.length} notifications undelivered</td></tr>
</table>
<h2>Clock</h2>
<form method="post" action="/_sim/clock" class="row">
<span>It is <code>${new Date(world.clock.now()).toISOString()}</code>.</span>
<div><label for="advance">Seconds to advance</label><input id="advance" name="advanceSeconds" type="number" min="0" value="600"></div>
<button>Advance</button>
</form>
<h2>Homes</h2>
${state.plants.map((plant) => home(world, plant))}
<h2>Faults</h2>
${faultForms(world)}
<h2>Control routes</h2>
<div class="scroll"><table>
<tr><th scope="col">Route</th><th scope="col">What it does</th></tr>
${routes.map(routeRow)}</table></div>
</main>`;
  return page('Legrand, simulated', content);
}

function home({ state, clock }: World, plant: SimulatedPlant): Markup {
  const owner = state.users.find(({ userId }) => userId === plant.userId);
  return html`<h3>${plant.name ?? 'Unnamed plant'}, ${owner?.name ?? 'nobody'}</h3>
<p class="note">${wallText(clock.now(), plant.timeZone)} in ${plant.timeZone}, plant <code>${plant.plantId}</code></p>
${plant.modules.map((module) => {
  const wished = setPointC(module, clock.now(), plant.timeZone);
  const { room } = module;
  return html`<form method="post" action="/_sim/state" class="row">
<input type="hidden" name="moduleId" value="${module.moduleId}">
<span><strong>${module.name}</strong>: ${room.temperatureC.toFixed(1)} °C, ${room.humidityPercent.toFixed(0)} %,
${module.mode.toLowerCase()} ${wished.toFixed(1)} °C, ${room.relayOn ? 'running' : 'idle'}${module.reachable ? '' : ', offline'}</span>
<div><label>Room, °C <input name="temperatureC" type="number" step="0.1" size="6"></label></div>
<div><label>Set point, °C <input name="setPointC" type="number" step="0.1" min="3" max="40" size="6"></label></div>
<div><label>Mode <select name="mode"><option value="">unchanged</option>${ThermostatMode.options.map(option)}</select></label></div>
<button>Change</button>
</form>`;
})}`;
}

function faultForms({ state }: World): Markup {
  const active = state.faults.map(
    ({ name, on, times }) =>
      html`<li><code>${name}</code> on ${on.join(', ')}${times === undefined ? '' : `, ${times} more times`}</li>`,
  );
  return html`${active.length === 0 ? html`<p>None is on.</p>` : html`<ul>${active}</ul>`}
<form method="post" action="/_sim/faults" class="row">
<div><label for="fault">Fault</label><select id="fault" name="name">${Object.keys(faultKinds).map(option)}</select></div>
<div><label for="times">Times</label><input id="times" name="times" type="number" min="1" size="4"></div>
<button>Switch on</button>
</form>
<form method="post" action="/_sim/faults/clear" class="row"><button>Switch all off</button></form>
<p class="note">What each does and its parameters: <a href="/_sim/faults">the list of faults</a>.</p>`;
}

function option(name: string): Markup {
  return html`<option value="${name}">${name.toLowerCase()}</option>`;
}

function routeRow({ method, path, summary }: ControlRoute): Markup {
  const linked = method === 'GET' && !path.includes(':');
  const shown = linked ? html`<a href="${path}"><code>${path}</code></a>` : html`<code>${path}</code>`;
  return html`<tr><td><code>${method}</code> ${shown}</td><td>${summary}</td></tr>\n`;
}
