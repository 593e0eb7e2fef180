/** Every way in which the simulated cloud can misbehave, by name, with the shape of its parameters. */
import type * as z from 'zod';
import { connectionKinds } from '../../simulation/faults/connection-kinds.ts';
import { deviationKinds } from './deviation-kinds.ts';
import { incoming } from './operation.ts';
import { refusalKinds } from './refusal-kinds.ts';

export const faultKinds = { ...refusalKinds, ...connectionKinds(incoming), ...deviationKinds };
export type FaultName = keyof typeof faultKinds;
export type RefusalName = keyof typeof refusalKinds;
export type FaultParameters<N extends FaultName> = z.output<(typeof faultKinds)[N]['parameters']>;

export const refusalNames = Object.keys(refusalKinds) as RefusalName[];
