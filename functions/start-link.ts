import { showLink, startLink } from '../shared/actions/start-link.ts';
import { presentLink } from '../shared/api/present.ts';
import { connectProviders, connectStore } from '../shared/runtime/dependencies.ts';
import { readEnv } from '../shared/runtime/env.ts';
import { httpEntry } from '../shared/runtime/http-entry.ts';
import { openLinkReply } from '../shared/runtime/link-replies.ts';

async function connect() {
  const env = readEnv(['table', 'app', 'providers', 'api', 'link', 'defaults']);
  const { factsOf, providerOf } = await connectProviders(env);
  return {
    links: connectStore(env).links,
    factsOf,
    providerOf,
    publicUrl: env.api.PUBLIC_URL,
    returnToAllowed: env.link.RETURN_TO_ALLOWED.split(',').filter((prefix) => prefix !== ''),
    now: Date.now,
  };
}

export const handler = httpEntry('start-link', connect, {
  startLink: (deps, { body }) => startLink(deps, body),
  showLink: async (deps, { params }) => presentLink(await showLink(deps, params.linkId), deps.now()),
  openLink: (deps, { params, forPerson }) => openLinkReply(deps, params.linkId, forPerson),
});
