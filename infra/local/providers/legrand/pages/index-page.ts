import type { Answer } from '../../simulation/answer.ts';
import type { ControlRoute } from '../../simulation/control/control-route.ts';
import { clockForm, faultForms, option, routeTable } from '../../simulation/pages/control-page.ts';
import { html, type Markup, page } from '../../simulation/pages/html.ts';
import { wallText } from '../../simulation/wall-clock.ts';
import { API_PATH } from '../api/gateway.ts';
import { faultKinds } from '../faults/fault-kinds.ts';
import { setPointC, ThermostatMode } from '../house/thermostat.ts';
import type { SimulatedPlant } from '../state.ts';
import type { World } from '../world.ts';

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
${clockForm(world.clock.now())}
<h2>Homes</h2>
${state.plants.map((plant) => home(world, plant))}
${faultForms(state.faults, faultKinds)}
${routeTable(routes)}
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
