import type { ActiveFault } from './active-fault.ts';
import type { FaultKind, FaultKinds, NameIn, ParametersIn } from './fault-kind.ts';

export interface FaultOrder<N extends string = string, O extends string = string> {
  readonly name: N;
  /** One operation, several, or (default) all that the fault knows. */
  readonly on?: O | readonly O[];
  /** Strikes this many times and is gone. */
  readonly times?: number;
  readonly parameters?: Readonly<Record<string, unknown>>;
}

/** The switches of a cloud with the kinds `K` and the operations `O`. */
export interface Faults<K extends FaultKinds, O extends string> {
  /** The parameters of the fault if it is on for this operation; that counts as one of its times. */
  take<N extends NameIn<K>>(name: N, operation: O): ParametersIn<K, N> | undefined;
  /**
   * Replaces a fault of the same name and operations.
   * @throws {RangeError} when there is no such fault, or it cannot be on that operation
   * @throws {ZodError} when the parameters are not its own
   */
  set(order: FaultOrder<NameIn<K>, O>): ActiveFault;
  /** Without a name: all. */
  clear(name?: string): void;
}

export function createFaults<K extends FaultKinds, O extends string>(
  state: { faults: ActiveFault[] },
  kinds: K,
): Faults<K, O> {
  return {
    take(name, operation) {
      const fault = state.faults.find((active) => active.name === name && active.on.includes(operation));
      if (!fault) return undefined;
      if (fault.times !== undefined) {
        fault.times -= 1;
        if (fault.times <= 0) state.faults.splice(state.faults.indexOf(fault), 1);
      }
      return kindOf(kinds, name).parameters.parse(fault.parameters) as ParametersIn<K, typeof name>;
    },
    set(order) {
      const kind = kindOf(kinds, order.name);
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

function kindOf(kinds: FaultKinds, name: string): FaultKind {
  const kind = kinds[name];
  if (!kind) throw new RangeError(`there is no fault ${name}`);
  return kind;
}

function operationsOf(order: FaultOrder, possible: readonly string[]): readonly string[] {
  if (order.on === undefined) return possible;
  const wanted = typeof order.on === 'string' ? [order.on] : order.on;
  const strange = wanted.filter((operation) => !possible.includes(operation));
  if (strange.length > 0)
    throw new RangeError(`${order.name} cannot be on ${strange.join(', ')}, only on ${possible.join(', ')}`);
  return wanted;
}
