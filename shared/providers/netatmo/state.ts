/** Asking plants for the present readings of their modules. */
import type { PlantModules, Report, Session } from '../provider.ts';
import type { ConnectApi } from './call.ts';

export async function* readState(
  _api: ConnectApi,
  _session: Session,
  _plants: readonly PlantModules[],
): AsyncGenerator<Report> {}
