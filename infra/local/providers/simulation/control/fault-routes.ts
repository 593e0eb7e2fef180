import * as z from 'zod';
import type { ActiveFault } from '../faults/active-fault.ts';
import type { FaultKind, FaultKinds, NameIn } from '../faults/fault-kind.ts';
import type { Faults } from '../faults/faults.ts';
import { type ControlRoute, control } from './control-route.ts';

interface FaultControls<K extends FaultKinds, O extends string> {
  readonly state: { readonly faults: readonly ActiveFault[] };
  readonly faults: Faults<K, O>;
  readonly kinds: K;
  readonly operation: z.ZodType<O>;
}

/** A fault's own parameters stand beside the others: `{"name":"slow_answer","delaySeconds":8,"times":1}`. */
export function faultRoutes<K extends FaultKinds, O extends string>({
  state,
  faults,
  kinds,
  operation,
}: FaultControls<K, O>): ControlRoute[] {
  const Order = z.looseObject({
    name: z.enum(Object.keys(kinds) as NameIn<K>[]),
    on: z.union([operation, z.array(operation).min(1)]).optional(),
    times: z.coerce.number().int().positive().optional(),
  });
  return [
    control('GET', '/faults', {
      summary: 'every fault there is, with its parameters, and those that are on',
      handle: () => ({ active: state.faults, known: Object.entries(kinds).map(describeKind) }),
    }),
    control('POST', '/faults', {
      summary: 'switches a fault on: {name, on?: operation or list, times?: n, and its own parameters}',
      body: Order,
      handle: ({ name, on, times, ...parameters }) =>
        faults.set({ name, parameters, ...(on && { on }), ...(times && { times }) }),
    }),
    control('DELETE', '/faults', { summary: 'switches all faults off', handle: () => faults.clear() }),
    control('POST', '/faults/clear', { summary: 'the same, for a form', handle: () => faults.clear() }),
    control('DELETE', '/faults/:name', {
      summary: 'switches one fault off',
      handle: (_, { parameters }) => faults.clear(parameters.name),
    }),
  ];
}

function describeKind([name, kind]: [string, FaultKind]) {
  const { properties } = z.toJSONSchema(kind.parameters, { io: 'input', unrepresentable: 'any' });
  return { name, summary: kind.summary, on: kind.on, parameters: properties ?? {} };
}
