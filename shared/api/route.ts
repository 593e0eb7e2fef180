import type * as z from 'zod';
import type { RouteScope } from '../domain/scope.ts';

/** The functions that have HTTP routes. */
export type HttpFunction =
  | 'describe-api'
  | 'start-link'
  | 'complete-link'
  | 'manage-accounts'
  | 'manage-tokens'
  | 'receive-webhook'
  | 'read-home'
  | 'send-command'
  | 'read-events'
  | 'read-digests';

/** One HTTP route, declared once: API Gateway, the functions, the documentation and the tests all read it here. */
export interface Route {
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** Path with `{name}` parameters, as API Gateway writes them. */
  readonly path: string;
  readonly function: HttpFunction;
  readonly scope: RouteScope;
  readonly summary: string;
  readonly params?: z.ZodObject;
  readonly query?: z.ZodObject;
  readonly headers?: z.ZodObject;
  readonly body?: z.ZodType;
  /**
   * Set where a person's browser is answered: problems are shown as pages. `form`: programs are answered too, with JSON,
   * when they ask for it or send it; browsers send forms.
   */
  readonly page?: true | 'form';
  /** Shows the answer to a person; set where clients choose between JSON and a page by their `Accept`. */
  readonly toPage?: (answer: never) => string;
  /** By status; `null`: no JSON body (a page, a redirect or nothing). */
  readonly answers: Readonly<Record<number, z.ZodType | null>>;
}
