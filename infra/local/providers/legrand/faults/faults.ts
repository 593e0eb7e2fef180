import type * as simulation from '../../simulation/faults/faults.ts';
import type { FaultName, faultKinds } from './fault-kinds.ts';
import type { Operation } from './operation.ts';

export type FaultOrder = simulation.FaultOrder<FaultName, Operation>;
export type Faults = simulation.Faults<typeof faultKinds, Operation>;
