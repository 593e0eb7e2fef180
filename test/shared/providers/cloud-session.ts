import type { OauthFacts } from '../../../shared/providers/provider.ts';
import { type ProviderAnswer, sendOnce } from '../../../shared/providers/request.ts';
import type { ProviderBench } from './provider-setup.ts';

/** A session with an access token as it is: nothing rotates. */
export function createSession(accountId: string, accessToken: string): ProviderBench['session'] {
  let sent = 0;
  let last: ProviderAnswer | undefined;
  return {
    accountId,
    sent: () => sent,
    lastAnswer: () => last,
    async send(request) {
      await request.beforeSend?.();
      sent += 1;
      last = await sendOnce({
        ...request,
        headers: { ...request.headers, authorization: `Bearer ${accessToken}` },
      });
      return last;
    },
  };
}

/** Asks the token endpoint as our application, which sends a secret only where it has one. */
export function exchange(
  { tokenUrl, clientId, clientSecret }: OauthFacts,
  fields: Record<string, string>,
): Promise<ProviderAnswer> {
  return postForm(tokenUrl, {
    client_id: clientId,
    ...(clientSecret !== '' && { client_secret: clientSecret }),
    ...fields,
  });
}

export function postForm(url: string, fields: Record<string, string>): Promise<ProviderAnswer> {
  return sendOnce({
    method: 'POST',
    url,
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams(fields).toString(),
  });
}
