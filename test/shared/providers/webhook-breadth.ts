/** Both kinds of webhooks, for tests that are of one kind or of either. */
import type { Plant } from '../../../shared/domain/plant.ts';
import type { PlantWebhookApi, Provider, Session } from '../../../shared/providers/provider.ts';

/** Webhooks of a cloud that has them for single plants. */
export function plantWebhook({ webhook }: Pick<Provider, 'webhook'>): PlantWebhookApi {
  if (webhook?.breadth !== 'plant') throw new Error('the cloud has no webhooks for single plants');
  return webhook;
}

/** Has the cloud deliver what it can tell of a plant. */
export async function listen(
  { provider: { webhook }, session }: { provider: Pick<Provider, 'webhook'>; session: Session },
  plant: Pick<Plant, 'nativeId'>,
  url: string,
): Promise<void> {
  if (webhook?.breadth === 'plant') await webhook.subscribe(session, plant, url);
  else if (webhook?.breadth === 'account') await webhook.add(session, url);
  else throw new Error('the cloud has no call for webhooks');
}
