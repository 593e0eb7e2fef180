import { completeLink } from '../shared/actions/complete-link.ts';
import { enterCredentials } from '../shared/actions/enter-credentials.ts';
import { Answered } from '../shared/api/answered.ts';
import { presentEntered } from '../shared/api/present.ts';
import { browserCookie } from '../shared/runtime/browser-cookie.ts';
import { connectHome } from '../shared/runtime/dependencies.ts';
import { httpEntry } from '../shared/runtime/http-entry.ts';
import { formReply, linkedReply } from '../shared/runtime/link-replies.ts';

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
    return linkedReply(deps.publicUrl, completed);
  },
  enterCredentials: async (deps, { params: { linkId }, body: credentials, forPerson: byForm, event }) => {
    const browserSecret = browserCookie(deps.publicUrl, linkId).read(event.cookies);
    const attempt = enterCredentials(deps, linkId, { credentials, browserSecret, byForm });
    if (byForm) return await formReply(deps, linkId, credentials, attempt);
    return new Answered(presentEntered(await attempt), {});
  },
});
