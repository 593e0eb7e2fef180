/** Discovery: plants and modules. */
import type { DiscoveredPlant, Session } from '../provider.ts';
import type { MakerApi } from './call.ts';

export async function discoverPlants(_api: MakerApi, _session: Session): Promise<DiscoveredPlant[]> {
  return [];
}
