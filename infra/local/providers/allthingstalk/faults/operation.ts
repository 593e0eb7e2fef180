import * as z from 'zod';

/** The calls of the API (contract 4). */
export const apiOperations = [
  'me',
  'my_grounds',
  'ground_devices',
  'devices',
  'notify',
  'undocumented',
  'device',
  'device_state',
  'write_device_state',
  'update_device',
  'delete_device',
  'assets',
  'create_asset',
  'asset',
  'put_asset',
  'delete_asset',
  'state',
  'write_state',
  'command',
  'history',
  'activity',
  'gateway',
] as const;
export type ApiOperation = (typeof apiOperations)[number];

/** What a fault can be set on: a call that comes in, or one that a rule makes. */
export const Operation = z.enum(['login', ...apiOperations, 'webhook']);
export type Operation = z.infer<typeof Operation>;

/** Every call that can come in. */
export const incoming: readonly Operation[] = ['login', ...apiOperations];
