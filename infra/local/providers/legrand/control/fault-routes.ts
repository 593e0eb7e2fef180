import * as z from 'zod';
import { type FaultName, faultKinds } from '../faults/fault-kinds.ts';
import { Operation } from '../faults/operation.ts';
import { type ControlRoute, control } from './control-route.ts';
import type { Controls } from './controls.ts';

const names = Object.keys(faultKinds) as [FaultName, ...FaultName[]];

/** A fault's own parameters stand beside the others: `{"name":"slow_apply","seconds":8,"times":1}`. */
const Order = z.looseObject({
  name: z.enum(names),
  on: z.union([Operation, z.array(Operation).min(1)]).optional(),
  times: z.coerce.number().int().positive().optional(),
});

export function faultRoutes({ world: { state, faults } }: Controls): ControlRoute[] {
  return [
    control('GET', '/faults', {
      summary: 'every fault there is, with its parameters, and those that are on',
      handle: () => ({ active: state.faults, known: Object.entries(faultKinds).map(describeKind) }),
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

function describeKind([name, kind]: [string, (typeof faultKinds)[FaultName]]) {
  const { properties } = z.toJSONSchema(kind.parameters, { io: 'input', unrepresentable: 'any' });
  return { name, summary: kind.summary, on: kind.on, parameters: properties ?? {} };
}
