/** Every way in which the simulated cloud can misbehave, by name, with the shape of its parameters. */
import { connectionKinds } from '../../simulation/faults/connection-kinds.ts';
import { deviationKinds } from './deviation-kinds.ts';
import { incoming } from './operation.ts';
import { refusalKinds } from './refusal-kinds.ts';
import { webhookKinds } from './webhook-kinds.ts';

export const faultKinds = {
  ...refusalKinds,
  ...connectionKinds(incoming),
  ...deviationKinds,
  ...webhookKinds,
};
export type FaultName = keyof typeof faultKinds;
