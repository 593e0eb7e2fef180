import type { Answer } from '../../simulation/answer.ts';
import { html, type Markup, page } from '../../simulation/pages/html.ts';
import { errorNote } from '../../simulation/pages/sign-in-fields.ts';
import type { Device, Ground } from '../house/device.ts';
import { Comparison, type Rule } from '../rules/rule.ts';
import { USUAL_BODY } from '../rules/rule-book.ts';
import { bindings } from '../rules/template.ts';
import type { User } from '../state.ts';
import { devicesOf, findAsset, type World } from '../world.ts';

/** What a signed-in person has: grounds, devices, their tokens, and rules. */
export function accountPage(world: World, user: User, error?: string): Answer {
  const grounds = world.state.grounds.filter(({ ownerId }) => ownerId === user.userId);
  const content = html`<main>
<h1>AllThingsTalk Maker</h1>
<form method="post" action="/logout" class="row"><span>Signed in as <strong>${user.userName}</strong>.</span><button>Sign out</button></form>
${errorNote(error)}
${grounds.map((ground) => describeGround(world, ground))}
<p class="note"><a href="/authenticator">Authenticator</a>, <a href="/_sim/">behind the scenes</a></p>
</main>`;
  return page('Grounds – AllThingsTalk Maker', content, error === undefined ? 200 : 400);
}

function describeGround(world: World, { groundId, title }: Ground): Markup {
  const devices = devicesOf(world, groundId);
  return html`<section aria-labelledby="${groundId}">
<h2 id="${groundId}">Ground ${title}</h2>
<p>Ground id <code>${groundId}</code></p>
${tokensOf(world, 'ground', groundId, title)}
${devices.map((device) => describeDevice(world, device))}
${devices.length === 0 ? html`<p>There is no device yet.</p>` : describeRules(world, groundId, devices)}
</section>`;
}

function describeDevice(world: World, { deviceId, title, assets }: Device): Markup {
  return html`<h3>${title}</h3>
<p class="note">Device id <code>${deviceId}</code>, ${assets.length} assets: ${assets.map(({ name }) => name).join(', ')}</p>
${tokensOf(world, 'device', deviceId, title)}`;
}

function tokensOf({ state }: World, kind: 'ground' | 'device', ofId: string, title: string): Markup {
  const tokens = state.staticTokens.filter((token) => token.kind === kind && token.ofId === ofId);
  return html`${tokens.map(
    ({ tokenId, text }) => html`<form method="post" action="/account/tokens/delete" class="row">
<input type="hidden" name="tokenId" value="${tokenId}">
<span>Token <code>${text}</code></span><button aria-label="Delete this token of ${title}">Delete</button></form>`,
  )}
<form method="post" action="/account/tokens" class="row">
<input type="hidden" name="${kind}Id" value="${ofId}">
<button aria-label="Generate a token of ${title}">Generate a ${kind} token</button></form>`;
}

function describeRules(world: World, groundId: string, devices: readonly Device[]): Markup {
  const rules = world.state.rules.filter((rule) => rule.groundId === groundId);
  const field = (name: string) => `${name}-${groundId}`;
  const points = devices.flatMap(({ title, assets }) =>
    assets.map((asset) => html`<option value="${asset.assetId}">${title}: ${asset.name}</option>\n`),
  );
  return html`<h3>Rules</h3>
${rules.map((rule) => describeRule(world, rule))}
<form method="post" action="/account/rules">
<input type="hidden" name="groundId" value="${groundId}">
<label for="${field('asset')}">When a value comes of</label>
<select id="${field('asset')}" name="assetId">${points}</select>
<label for="${field('comparison')}">and it is</label>
<select id="${field('comparison')}" name="comparison">${Comparison.options.map(asOption)}</select>
<label for="${field('operand')}">than or to (empty for any)</label>
<input id="${field('operand')}" name="operand">
<label for="${field('method')}">then send a</label>
<select id="${field('method')}" name="method">${['POST', 'PUT', 'GET'].map(asOption)}</select>
<label for="${field('url')}">to this URL</label>
<input id="${field('url')}" name="url" type="url" required size="50">
<label for="${field('headers')}">with these headers, one a line</label>
<textarea id="${field('headers')}" name="headers" rows="3" cols="60">Content-Type: application/json</textarea>
<label for="${field('body')}">and this body</label>
<textarea id="${field('body')}" name="body" rows="4" cols="60" aria-describedby="${field('bindings')}">${USUAL_BODY}</textarea>
<p class="note" id="${field('bindings')}">Bindings: ${Object.keys(bindings).map((binding) => html`<code>${binding}</code> `)}</p>
<div class="row"><button>Create the rule</button></div>
</form>`;
}

function describeRule(world: World, { ruleId, assetId, comparison, operand, method, url }: Rule): Markup {
  const found = findAsset(world, assetId);
  const point = found ? `${found.device.title}: ${found.asset.name}` : 'an asset that is gone';
  return html`<form method="post" action="/account/rules/delete" class="row">
<input type="hidden" name="ruleId" value="${ruleId}">
<span>${point} ${comparison} ${operand}: <code>${method} ${url}</code></span>
<button aria-label="Delete the rule about ${point}">Delete</button></form>`;
}

function asOption(name: string): Markup {
  return html`<option value="${name}">${name}</option>`;
}
