import { bindLink, openLink, showLink, showPending, startLink } from '../shared/actions/start-link.ts';
import { Answered } from '../shared/api/answered.ts';
import { presentLink, presentLogin } from '../shared/api/present.ts';
import { browserCookie } from '../shared/runtime/browser-cookie.ts';
import { connectProviders, connectStore } from '../shared/runtime/dependencies.ts';
import { readEnv } from '../shared/runtime/env.ts';
import { httpEntry } from '../shared/runtime/http-entry.ts';
import { loginReply } from '../shared/runtime/link-replies.ts';

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
  openLink: async (deps, { params, forPerson }) => {
    const link = await showPending(deps, params.linkId);
    const { login } = deps.providerOf(link.provider);
    if (login && !forPerson) return new Answered(presentLogin(link), {});
    if (login) return loginReply(deps.publicUrl, { link, login }, await bindLink(deps, link.linkId));
    const { consentUrl, browserSecret, maxAgeSeconds } = await openLink(deps, params.linkId);
    const cookie = browserCookie(deps.publicUrl, params.linkId);
    return {
      status: 302,
      headers: { location: consentUrl, 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' },
      cookies: [cookie.write(browserSecret, maxAgeSeconds)],
    };
  },
});
