import { openLink, showLink, startLink } from '../shared/actions/start-link.ts';
import { presentLink } from '../shared/api/present.ts';
import { browserCookie } from '../shared/runtime/browser-cookie.ts';
import { connectProviders, connectStore } from '../shared/runtime/dependencies.ts';
import { readEnv } from '../shared/runtime/env.ts';
import { httpEntry } from '../shared/runtime/http-entry.ts';

async function connect() {
  const env = readEnv(['table', 'app', 'providers', 'api', 'link', 'defaults']);
  const { factsOf } = await connectProviders(env);
  return {
    links: connectStore(env).links,
    factsOf,
    publicUrl: env.api.PUBLIC_URL,
    returnToAllowed: env.link.RETURN_TO_ALLOWED.split(',').filter((prefix) => prefix !== ''),
    now: Date.now,
  };
}

export const handler = httpEntry('start-link', connect, {
  startLink: (deps, { body }) => startLink(deps, body),
  showLink: async (deps, { params }) => presentLink(await showLink(deps, params.linkId), deps.now()),
  openLink: async (deps, { params }) => {
    const { consentUrl, browserSecret, maxAgeSeconds } = await openLink(deps, params.linkId);
    const cookie = browserCookie(deps.publicUrl, params.linkId);
    return {
      status: 302,
      headers: { location: consentUrl, 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' },
      cookies: [cookie.write(browserSecret, maxAgeSeconds)],
    };
  },
});
