/** What cases of Netatmo's API tell beside those of every cloud. */
import type { FaultOrder } from '../../../../infra/local/providers/netatmo/faults/faults.ts';
import type { Call } from '../../../../shared/providers/netatmo/call.ts';
import type * as shared from '../error-case.ts';

export interface ApiCase extends shared.CallCase<FaultOrder> {
  /** What is asked; the topology unless told otherwise. */
  readonly call?: Call;
  /** What is wrong about the account meanwhile: no such token, its calls spent, only `read_station` granted. */
  readonly wrong?: 'token' | 'spent' | 'scopes';
}

export type GrantCase = shared.GrantCase<FaultOrder>;
/** Of a single module, within a success. */
export type PartialCase = shared.CallCase<FaultOrder>;
