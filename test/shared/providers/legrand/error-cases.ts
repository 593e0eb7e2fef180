/** What cases of Legrand's API tell beside those of every cloud. */
import type { FaultOrder } from '../../../../infra/local/providers/legrand/faults/faults.ts';
import type * as shared from '../error-case.ts';

export interface ApiCase extends shared.CallCase<FaultOrder> {
  /** What Latchkey is doing meanwhile; a command unless told otherwise. */
  readonly while?: 'command' | 'state' | 'plants' | 'subscribe';
  /** What is wrong with the request itself. */
  readonly wrong?: 'module' | 'key' | 'accept' | 'address';
  /** Calls of the driver that reach the cloud. */
  readonly charged: number;
  /** How many times Latchkey sends a command in all, where the cloud stays with its answer; once if not told. */
  readonly sent?: number;
  /** Account status and cause of its health afterwards; linked and good if not told. */
  readonly health?: GrantCase['health'];
}

export type GrantCase = shared.GrantCase<FaultOrder>;
