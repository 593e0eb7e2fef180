/** Every kind of webhooks, for tests that are of one kind or of any. */
import type { Plant } from '../../../shared/domain/plant.ts';
import type { ByHandWebhookApi, PlantWebhookApi, Provider } from '../../../shared/providers/provider.ts';
import type { ProviderBench } from './provider-setup.ts';

/** Webhooks of a cloud that has them for single plants. */
export function plantWebhook({ webhook }: Pick<Provider, 'webhook'>): PlantWebhookApi {
  if (webhook?.breadth !== 'plant') throw new Error('the cloud has no webhooks for single plants');
  return webhook;
}

/** Webhooks of a cloud that only the owner can tell of them. */
export function byHandWebhook({ webhook }: Pick<Provider, 'webhook'>): ByHandWebhookApi {
  if (webhook?.breadth !== 'by_hand') throw new Error('the cloud is not told of webhooks by hand');
  return webhook;
}

/** Has the cloud deliver what it can tell of a plant. */
export async function listen(
  {
    provider: { webhook },
    session,
    listenByHand,
  }: Pick<ProviderBench, 'provider' | 'session' | 'listenByHand'>,
  plant: Pick<Plant, 'nativeId'>,
  url: string,
): Promise<void> {
  if (webhook?.breadth === 'plant') await webhook.subscribe(session, plant, url);
  else if (webhook?.breadth === 'account') await webhook.add(session, url);
  else if (webhook?.breadth === 'by_hand' && listenByHand) await listenByHand(url);
  else throw new Error('the cloud has no webhooks');
}
