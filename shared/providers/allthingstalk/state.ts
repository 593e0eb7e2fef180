/** Asking for the present readings of modules. */
import type { PlantModules, Report, Session } from '../provider.ts';
import type { MakerApi } from './call.ts';

export async function* readState(
  _api: MakerApi,
  _session: Session,
  _plants: readonly PlantModules[],
): AsyncGenerator<Report> {}
