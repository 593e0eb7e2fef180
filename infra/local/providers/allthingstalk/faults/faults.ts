import type * as simulation from '../../simulation/faults/faults.ts';
import type { faultKinds } from './fault-kinds.ts';
import type { Operation } from './operation.ts';

export type Faults = simulation.Faults<typeof faultKinds, Operation>;
