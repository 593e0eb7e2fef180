import { completeLink } from '../shared/actions/complete-link.ts';
import { linkedPage, pageHeaders } from '../shared/api/page.ts';
import { browserCookie } from '../shared/runtime/browser-cookie.ts';
import { connectHome } from '../shared/runtime/dependencies.ts';
import { httpEntry } from '../shared/runtime/http-entry.ts';

export const handler = httpEntry('complete-link', connectHome, {
  completeLink: async (deps, { params, event }) => {
    const { state, code, error } = event.queryStringParameters ?? {};
    const { link, account } = await completeLink(deps, {
      provider: params.provider,
      state,
      code,
      error,
      browserSecretOf: (linkId) => browserCookie(deps.publicUrl, linkId).read(event.cookies),
    });
    const cookies = [browserCookie(deps.publicUrl, link.linkId).write('', 0)];
    if (link.returnTo === undefined) {
      return { status: 200, headers: pageHeaders, cookies, body: linkedPage(link.provider) };
    }
    const location = new URL(link.returnTo);
    location.searchParams.set('link', link.linkId);
    location.searchParams.set('account', account.accountId);
    return { status: 302, headers: { location: location.href, 'cache-control': 'no-store' }, cookies };
  },
});
