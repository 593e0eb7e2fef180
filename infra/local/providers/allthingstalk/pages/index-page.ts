import type { Answer } from '../../simulation/answer.ts';
import type { ControlRoute } from '../../simulation/control/control-route.ts';
import { clockForm, faultForms, routeTable } from '../../simulation/pages/control-page.ts';
import { html, type Markup, page } from '../../simulation/pages/html.ts';
import { faultKinds } from '../faults/fault-kinds.ts';
import type { Asset } from '../house/asset.ts';
import type { Device, Ground } from '../house/device.ts';
import { readCurrent } from '../house.ts';
import { type Settings, usualSettings } from '../settings.ts';
import { wireTime } from '../wire-time.ts';
import { devicesOf, findUserById, type World } from '../world.ts';

/** The simulator explained to a person, with the levers that a person pulls most. */
export function indexPage(world: World, routes: readonly ControlRoute[]): Answer {
  const { state, url } = world;
  const content = html`<main>
<h1>AllThingsTalk, simulated</h1>
<p>The API and the account pages of AllThingsTalk Maker, on this machine only. Nothing here is real.</p>
<table>
<tr><th scope="row">Address</th><td><code>${url}</code></td></tr>
<tr><th scope="row">Account</th><td><a href="/login">sign in</a>, <a href="/account">grounds, tokens and rules</a></td></tr>
<tr><th scope="row">Codes</th><td><a href="/authenticator">authenticator</a></td></tr>
<tr><th scope="row">Tokens</th><td><a href="/_sim/tokens">${state.staticTokens.length} of grounds and devices</a></td></tr>
<tr><th scope="row">Rules</th><td><a href="/_sim/rules">${state.rules.length}</a>, ${state.waiting.length} calls waiting</td></tr>
</table>
${clockForm(world.clock.now())}
${reportForm(state.devices)}
<h2>Grounds</h2>
${state.grounds.map((ground) => describeGround(world, ground))}
${faultForms(state.faults, faultKinds)}
${describeSettings(state.settings)}
${routeTable(routes)}
</main>`;
  return page('AllThingsTalk, simulated', content);
}

/** Values as text: what is JSON counts as that. */
function reportForm(devices: readonly Device[]): Markup {
  const points = devices.flatMap(({ deviceId, title, assets }) =>
    assets.map(({ name }) => html`<option value="${deviceId}/${name}">${title}: ${name}</option>\n`),
  );
  return html`<h2>Let a device tell a value</h2>
<form method="post" action="/_sim/report" class="row">
<div><label for="point">Asset</label><select id="point" name="point">${points}</select></div>
<div><label for="value">Value</label><input id="value" name="value" required></div>
<button>Tell</button>
</form>`;
}

function describeGround(world: World, ground: Ground): Markup {
  const owner = findUserById(world, ground.ownerId)?.name ?? 'nobody';
  return html`<h3>${ground.title}, ${owner}</h3>
<p class="note">Ground <code>${ground.groundId}</code></p>
<div class="scroll"><table>
<tr><th scope="col">Device</th><th scope="col">Asset</th><th scope="col">Value</th><th scope="col">Since</th></tr>
${devicesOf(world, ground.groundId).map((device) => describeDevice(world, device))}</table></div>`;
}

function describeDevice(world: World, device: Device): Markup {
  const shown = device.assets.slice(0, 10);
  return html`${shown.map((asset) => describeAsset(world, device, asset))}`;
}

function describeAsset(world: World, { title, online }: Device, asset: Asset): Markup {
  const current = readCurrent(world, asset);
  const { unit = '' } = asset.profile;
  return html`<tr><th scope="row">${title}${online ? '' : ' (offline)'}</th><td>${asset.name}, ${asset.is}</td>
<td>${current ? `${JSON.stringify(current.value)} ${unit}` : 'never told'}</td><td>${current ? wireTime(current.atEpochMs) : ''}</td></tr>\n`;
}

function describeSettings(settings: Settings): Markup {
  const usual: Readonly<Record<string, unknown>> = usualSettings;
  const moved = Object.entries(settings).filter(([name, value]) => String(value) !== String(usual[name]));
  return html`<h2>Switches</h2>
${moved.length === 0 ? html`<p>All are as usual.</p>` : html`<ul>${moved.map(([name, value]) => html`<li><code>${name}</code> is ${String(value)}</li>`)}</ul>`}
<p class="note">What is not known of the vendor: <a href="/_sim/settings">all switches</a>.</p>`;
}
