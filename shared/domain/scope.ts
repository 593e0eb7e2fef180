import * as z from 'zod';
import { devices, System } from './device.ts';

/** What modules are called when they are allowed to somebody: all of a system, or all devices of one kind. */
const subjects = [...System.options, ...(Object.keys(devices) as (keyof typeof devices)[])];

/** What may be done with modules. */
export type Verb = 'read' | 'write';

/** What an access token may do: read or write modules of a system or of one kind, or use Latchkey's own resources. */
export const Scope = z.enum([
  ...subjects.flatMap((subject) => [`${subject}.read`, `${subject}.write`] as const),
  'events.read',
  'accounts.read',
  'accounts.write',
  'tokens.write',
]);
export type Scope = z.infer<typeof Scope>;

/** What only tokens of the whole workspace may do: it is about more than plants and modules. */
export const workspaceScopes: readonly Scope[] = ['accounts.read', 'accounts.write', 'tokens.write'];

/** The scope a route needs: one of the scopes, any `<system>.read` or `.write` of the module concerned, or none. */
export type RouteScope = Scope | 'system.read' | 'system.write' | 'public';
