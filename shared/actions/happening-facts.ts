import type { Delivery } from '../domain/delivery.ts';
import type { Fact } from '../domain/event.ts';
import { moduleIdFor, plantIdFor } from '../domain/ids.ts';
import type { Happening } from '../providers/provider.ts';
import type { Store } from '../store/store.ts';

/**
 * What happened at modules, as facts of the feed. The delivery is their cause: one that is projected again, or read again
 * in a replay, makes the same events.
 * @returns the facts; how many are of modules that are not known, which are told where the plant is known: smoke is not
 * to wait for the next look at what there is; and how many are told by none, since their plant is not known either
 */
export async function happeningFacts(
  store: Pick<Store, 'modules' | 'plants'>,
  { accountId, deliveryId, receivedAt }: Delivery,
  happenings: readonly Happening[],
  replayId?: string,
): Promise<{ facts: Fact[]; unknownModules: number; untold: number }> {
  const facts: Fact[] = [];
  let unknownModules = 0;
  for (const { type, moduleNativeId, plantNativeId, persons, details } of happenings) {
    const moduleId = moduleIdFor(accountId, moduleNativeId);
    const module = await store.modules.get({ accountId, moduleId });
    if (!module) unknownModules++;
    const plantId = module?.plantId ?? (await plantKnown(store, accountId, plantNativeId));
    if (plantId === undefined) continue;
    facts.push({
      type,
      accountId,
      subject: moduleId,
      time: receivedAt,
      cause: deliveryId,
      data: {
        plantId,
        moduleId,
        ...(module && { device: module.device }),
        ...(replayId !== undefined && { replay: replayId }),
        ...details,
        ...(persons.length > 0 && { persons: persons.map((each) => presentPerson(accountId, each)) }),
      },
    });
  }
  return { facts, unknownModules, untold: happenings.length - facts.length };
}

function presentPerson(
  accountId: string,
  { nativeId, isKnown, pictureUrl }: Happening['persons'][number],
): Record<string, unknown> {
  return {
    isKnown,
    ...(nativeId !== undefined && { moduleId: moduleIdFor(accountId, nativeId) }),
    ...(pictureUrl !== undefined && { pictureUrl }),
  };
}

async function plantKnown(
  store: Pick<Store, 'plants'>,
  accountId: string,
  nativeId: string | undefined,
): Promise<string | undefined> {
  if (nativeId === undefined) return undefined;
  const plantId = plantIdFor(accountId, nativeId);
  const plants = await store.plants.ofAccount(accountId);
  return plants.some((plant) => plant.plantId === plantId) ? plantId : undefined;
}
