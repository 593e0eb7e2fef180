import * as z from 'zod';
import { System } from './device.ts';

/** What an access token may do: read or write modules of a system, or one of Latchkey's own resources. */
export const Scope = z.enum([
  ...System.options.flatMap((system) => [`${system}.read`, `${system}.write`] as const),
  'events.read',
  'accounts.read',
  'accounts.write',
  'tokens.write',
]);
export type Scope = z.infer<typeof Scope>;

/** The scope a route needs: one of the scopes, any `<system>.read` or `.write` of the module concerned, or none. */
export type RouteScope = Scope | 'system.read' | 'system.write' | 'public';
