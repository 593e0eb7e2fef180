/** `addwebhook` and `dropwebhook` (contract 4.1). */
import type { Answer } from '../../simulation/answer.ts';
import type { Outbox } from '../webhooks/outbox.ts';
import type { World } from '../world.ts';
import { apiError, success } from './envelope.ts';
import type { ApiMethod, Caller } from './gateway.ts';

const securityScopes = ['read_camera', 'read_presence', 'read_smokedetector'];
const ports = ['80', '88', '443', '9443'];
const loopbackHosts = ['127.0.0.1', 'localhost', '[::1]'];

export function webhookMethods(world: World, outbox: Outbox): ApiMethod[] {
  return [
    { operation: 'addwebhook', scopes: [], handle: (caller) => add(world, outbox, caller) },
    { operation: 'dropwebhook', scopes: [], handle: (caller) => drop(world, outbox, caller) },
  ];
}

function lacksScope({ state }: World, { scopes }: Caller): boolean {
  if (state.settings.webhookScopes === 'any') return false;
  return !securityScopes.some((scope) => scopes.includes(scope));
}

function add(world: World, outbox: Outbox, caller: Caller): Answer {
  if (lacksScope(world, caller)) return apiError(13, 'Application does not have the good scope rights');
  const url = caller.parameters.text('url');
  if (url === undefined) return apiError(10, 'Missing url');
  const wrong = whyUnusable(url, world.state.settings.webhookPorts === 'any_on_loopback');
  if (wrong !== undefined) return apiError(21, wrong);
  outbox.addHook(caller.userId, url);
  return success(world);
}

function whyUnusable(text: string, lax: boolean): string | undefined {
  if (!URL.canParse(text)) return 'Invalid url parameter';
  const { protocol, port, hostname } = new URL(text);
  if (lax && protocol === 'http:' && loopbackHosts.includes(hostname)) return undefined;
  if (protocol !== 'https:') return 'Invalid url parameter';
  if (ports.includes(port === '' ? '443' : port)) return undefined;
  return `Allowed ports for webhooks are ${ports.join(', ')}`;
}

function drop(world: World, outbox: Outbox, caller: Caller): Answer {
  if (lacksScope(world, caller)) return apiError(13, 'Application does not have the good scope rights');
  return outbox.dropHook(caller.userId) ? success(world) : apiError(7, 'Nothing to drop');
}
