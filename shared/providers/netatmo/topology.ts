/** Discovery: plants, ambients and modules. */
import type { DiscoveredPlant, Session } from '../provider.ts';
import type { ConnectApi } from './call.ts';

export async function discoverPlants(_api: ConnectApi, _session: Session): Promise<DiscoveredPlant[]> {
  return [];
}
