/** How the simulated cloud is brought to answer each row of Legrand's tables of errors, and what has to come of it. */
import type { FaultOrder } from '../../../../infra/local/providers/legrand/faults/faults.ts';
import type { Actor } from '../../../../shared/domain/actor.ts';
import type { ErrorCode, ErrorDetails, Repeat } from '../../../../shared/domain/error.ts';
import type { GrantRefusal } from '../../../../shared/providers/provider.ts';

export interface ErrorCase {
  /** The row's own `answer`. */
  readonly row: string;
  readonly fault?: FaultOrder;
  readonly code: ErrorCode;
  /** Of the problem document. */
  readonly status: number;
  readonly actor: Actor;
  readonly retry: 'never' | 'later';
  /** Legrand's own status, code and words. */
  readonly provider: NonNullable<ErrorDetails['provider']>;
  readonly retryAfterSeconds?: number;
}

export interface ApiCase extends ErrorCase {
  /** What Latchkey is doing meanwhile; a command unless told otherwise. */
  readonly while?: 'command' | 'state' | 'plants' | 'subscribe';
  /** What is wrong with the request itself. */
  readonly wrong?: 'module' | 'key' | 'accept' | 'address';
  readonly repeat?: Repeat;
  /** Calls of the driver that reach the cloud. */
  readonly charged: number;
  /** How many times Latchkey sends a command in all, where the cloud stays with its answer; once if not told. */
  readonly sent?: number;
  /** Account status and cause of its health afterwards; linked and good if not told. */
  readonly health?: { readonly status: string; readonly cause?: string };
}

export interface GrantCase extends ErrorCase {
  readonly kind: GrantRefusal['kind'];
  /** What is wrong with the request itself. */
  readonly wrong?: 'client' | 'token';
  readonly health?: ApiCase['health'];
}
