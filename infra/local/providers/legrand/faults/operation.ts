import * as z from 'zod';

/** The nine operations of Smarther v2.0 (contract 3). */
export const apiOperations = [
  'plants',
  'topology',
  'status',
  'set_status',
  'measures',
  'programs',
  'subscribe',
  'subscriptions',
  'unsubscribe',
] as const;

/** What a fault can be set on: a call that comes in, or a webhook that goes out. */
export const Operation = z.enum(['authorize', 'token', 'discovery', ...apiOperations, 'webhook']);
export type Operation = z.infer<typeof Operation>;

/** Every call that can come in. */
export const incoming: readonly Operation[] = ['authorize', 'token', 'discovery', ...apiOperations];
