import { completeLink } from '../shared/actions/complete-link.ts';
import { browserCookie } from '../shared/runtime/browser-cookie.ts';
import { connectHome } from '../shared/runtime/dependencies.ts';
import { httpEntry } from '../shared/runtime/http-entry.ts';
import { credentialsReply, linkedReply } from '../shared/runtime/link-replies.ts';

export const handler = httpEntry('complete-link', connectHome, {
  completeLink: async (deps, { params, event }) => {
    const { state, code, error } = event.queryStringParameters ?? {};
    const completed = await completeLink(deps, {
      provider: params.provider,
      state,
      code,
      error,
      browserSecretOf: (linkId) => browserCookie(deps.publicUrl, linkId).read(event.cookies),
    });
    return linkedReply(deps, completed);
  },
  enterCredentials: (deps, { params, body: credentials, forPerson: byForm, event: { cookies } }) =>
    credentialsReply(deps, params.linkId, { credentials, byForm, cookies }),
});
