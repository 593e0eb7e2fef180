/** The simulated clouds beside the API, each with a port and a state file of its own. */
import { join } from 'node:path';
import { LatchkeyError } from '../../shared/domain/error.ts';
import { displayNames, ProviderName } from '../../shared/domain/provider-name.ts';
import { createAllthingstalkCloud } from './providers/allthingstalk/cloud.ts';
import { createLegrandCloud } from './providers/legrand/cloud.ts';
import { createNetatmoCloud } from './providers/netatmo/cloud.ts';
import type { ProviderCloud } from './providers/provider-cloud.ts';

type CreateCloud = (options: { port: number; statePath: string }) => Promise<ProviderCloud>;

/** A line a cloud. */
const simulators: Record<ProviderName, CreateCloud> = {
  legrand: createLegrandCloud,
  netatmo: createNetatmoCloud,
  allthingstalk: createAllthingstalkCloud,
};

export interface SimulatorPlace {
  /** Of the API; the clouds have the ports after it, in the order of their names. 0: free ones. */
  readonly apiPort: number;
  /** Folder for `<provider>.json`. */
  readonly statePath: string;
}

/** @throws {LatchkeyError} config_invalid – its port is taken, or its state file holds something else */
export async function startSimulator(name: ProviderName, place: SimulatorPlace): Promise<ProviderCloud> {
  const { apiPort, statePath } = place;
  const port = apiPort === 0 ? 0 : apiPort + 1 + ProviderName.options.indexOf(name);
  try {
    return await simulators[name]({ port, statePath: join(statePath, `${name}.json`) });
  } catch (cause) {
    if (!(cause instanceof Error)) throw cause;
    const isTaken = 'code' in cause && cause.code === 'EADDRINUSE';
    const problem = isTaken
      ? `port ${port} is taken`
      : `the simulated ${displayNames[name]} cloud: ${cause.message}`;
    throw new LatchkeyError('config_invalid', problem, { cause });
  }
}
