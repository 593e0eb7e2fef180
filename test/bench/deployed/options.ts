import type { Options } from '../wish.ts';

export const options = {
  api: 'where the API is, https://…; the app secret’s text has to be in LATCHKEY_APP_SECRET',
  url: 'or the address of a webhook, https://…/webhooks/legrand/…, of an account that you choose',
  burst: 'requests sent at once, each of which needs an instance of its own (10)',
  warm: 'requests sent one after the other (200)',
} satisfies Options;
