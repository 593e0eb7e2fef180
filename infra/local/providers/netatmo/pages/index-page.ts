import type { Answer } from '../../simulation/answer.ts';
import type { ControlRoute } from '../../simulation/control/control-route.ts';
import { clockForm, faultForms, option, routeTable } from '../../simulation/pages/control-page.ts';
import { html, type Markup, page } from '../../simulation/pages/html.ts';
import { wallText } from '../../simulation/wall-clock.ts';
import { faultKinds } from '../faults/fault-kinds.ts';
import type { Home } from '../house/home.ts';
import { isReachable } from '../house/module.ts';
import { type Room, SetpointMode } from '../house/room.ts';
import { setPointC } from '../house/setpoint.ts';
import type { World } from '../world.ts';

/** The simulator explained to a person, with the levers that a person pulls most. */
export function indexPage(world: World, routes: readonly ControlRoute[]): Answer {
  const { state, url } = world;
  const content = html`<main>
<h1>Netatmo, simulated</h1>
<p>The account pages and the API of Netatmo Connect, on this machine only. Nothing here is real.</p>
<table>
<tr><th scope="row">Address</th><td><code>${url}</code></td></tr>
<tr><th scope="row">Client id</th><td><code>${state.application.clientId}</code></td></tr>
<tr><th scope="row">Secret</th><td><a href="/_sim/application">client secret</a></td></tr>
<tr><th scope="row">Callbacks</th><td>${state.application.redirectUris.map((uri) => html`<code>${uri}</code><br>`)}</td></tr>
<tr><th scope="row">Webhooks</th><td><a href="/_sim/webhooks">${state.hooks.length}</a>, ${state.waiting.length} pushes waiting</td></tr>
</table>
${clockForm(world.clock.now())}
<h2>Homes</h2>
${state.homes.map((home) => describeHome(world, home))}
${faultForms(state.faults, faultKinds)}
${routeTable(routes)}
</main>`;
  return page('Netatmo, simulated', content);
}

function describeHome({ state, clock }: World, home: Home): Markup {
  const now = clock.now();
  const owners = state.users.filter(({ userId }) => home.userIds.includes(userId)).map(({ name }) => name);
  const silent = home.modules.filter((module) => !isReachable(module, now)).length;
  return html`<h3>${home.name ?? 'Unnamed home'}, ${owners.join(' and ')}</h3>
<p class="note">${wallText(now, home.timeZone)} in ${home.timeZone}, home <code>${home.homeId}</code>:
${home.modules.length} modules, ${silent} of them not heard</p>
${home.rooms.map((room) => describeRoom(home, room, now))}`;
}

function describeRoom(home: Home, room: Room, now: number): Markup {
  const { climate } = room;
  if (!climate) return html``;
  const wished = setPointC(home, room, climate, now);
  return html`<form method="post" action="/_sim/room" class="row">
<input type="hidden" name="homeId" value="${home.homeId}">
<input type="hidden" name="roomId" value="${room.roomId}">
<span><strong>${room.name}</strong>: ${climate.air.temperatureC.toFixed(1)} °C, ${climate.mode}
${wished === undefined ? 'off' : `${wished.toFixed(1)} °C`}, ${climate.air.relayOn ? 'heating' : 'idle'}</span>
<div><label>Room, °C <input name="temperatureC" type="number" step="0.1" size="6"></label></div>
<div><label>Set point, °C <input name="setPointC" type="number" step="0.1" min="5" max="30" size="6"></label></div>
<div><label>Mode <select name="mode"><option value="">unchanged</option>${SetpointMode.options.map(option)}</select></label></div>
<button>Change</button>
</form>`;
}
