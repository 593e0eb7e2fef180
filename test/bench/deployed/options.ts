import type { Options } from '../wish.ts';

export const options = {
  url: 'address of a webhook, https://…/webhooks/legrand/…; whoever has it can send to it, so keep it to yourself',
  burst: 'requests sent at once, each of which needs an instance of its own (10)',
  warm: 'requests sent one after the other (200)',
} satisfies Options;
