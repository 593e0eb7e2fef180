import type { CloudState } from '../state.ts';
import type { ActiveFault } from './active-fault.ts';
import { type FaultName, type FaultParameters, faultKinds } from './fault-kinds.ts';
import type { Operation } from './operation.ts';

export interface FaultOrder {
  readonly name: FaultName;
  /** One operation, several, or (default) all that the fault knows. */
  readonly on?: Operation | readonly Operation[];
  /** Strikes this many times and is gone. */
  readonly times?: number;
  readonly parameters?: Readonly<Record<string, unknown>>;
}

export interface Faults {
  /** The parameters of the fault if it is on for this operation; that counts as one of its times. */
  take<N extends FaultName>(name: N, operation: Operation): FaultParameters<N> | undefined;
  /**
   * Replaces a fault of the same name and operations.
   * @throws {RangeError} when the fault cannot be on that operation
   * @throws {ZodError} when the parameters are not its own
   */
  set(order: FaultOrder): ActiveFault;
  /** Without a name: all. */
  clear(name?: string): void;
}

export function createFaults(state: CloudState): Faults {
  return {
    take(name, operation) {
      const fault = state.faults.find((active) => active.name === name && active.on.includes(operation));
      if (!fault) return undefined;
      if (fault.times !== undefined) {
        fault.times -= 1;
        if (fault.times <= 0) state.faults.splice(state.faults.indexOf(fault), 1);
      }
      return faultKinds[name].parameters.parse(fault.parameters) as FaultParameters<typeof name>;
    },
    set(order) {
      const kind = faultKinds[order.name];
      const on = operationsOf(order, kind.on);
      const fault: ActiveFault = {
        name: order.name,
        on: [...on],
        ...(order.times !== undefined && { times: order.times }),
        parameters: kind.parameters.parse(order.parameters ?? {}),
      };
      const same = (active: ActiveFault) => active.name === fault.name && `${active.on}` === `${fault.on}`;
      state.faults = [...state.faults.filter((active) => !same(active)), fault];
      return fault;
    },
    clear(name) {
      state.faults = state.faults.filter((active) => name !== undefined && active.name !== name);
    },
  };
}

function operationsOf(order: FaultOrder, possible: readonly Operation[]): readonly Operation[] {
  if (order.on === undefined) return possible;
  const wanted = typeof order.on === 'string' ? [order.on] : order.on;
  const strange = wanted.filter((operation) => !possible.includes(operation));
  if (strange.length > 0)
    throw new RangeError(`${order.name} cannot be on ${strange.join(', ')}, only on ${possible.join(', ')}`);
  return wanted;
}
