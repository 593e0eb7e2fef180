import type { House } from '../house.ts';
import type { Outbox } from '../webhooks/outbox.ts';
import type { World } from '../world.ts';
import { energyWriteMethods } from './energy-writes.ts';
import { eventListMethods } from './event-lists.ts';
import { eventMethods } from './events.ts';
import type { ApiMethod } from './gateway.ts';
import { homeStatusMethod } from './home-status.ts';
import { listHomesMethod } from './list-homes.ts';
import { measureMethods } from './measures.ts';
import { personMethods } from './persons.ts';
import { publicStationsMethod } from './public-stations.ts';
import { scenarioMethod } from './scenarios.ts';
import { scheduleMethods } from './schedules.ts';
import { setStateMethod } from './set-state.ts';
import { stationMethods } from './stations.ts';
import { webhookMethods } from './webhooks.ts';

/** Every method of the API that wants a token (contract 3 and 4.1). */
export function apiMethods(world: World, house: House, outbox: Outbox): ApiMethod[] {
  return [
    ...stationMethods(world),
    publicStationsMethod(world),
    listHomesMethod(world),
    homeStatusMethod(world),
    ...measureMethods(world),
    scenarioMethod(world),
    ...eventMethods(world),
    ...eventListMethods(world),
    ...energyWriteMethods(world, house),
    ...scheduleMethods(world, house),
    setStateMethod(world, house),
    ...personMethods(world, house),
    ...webhookMethods(world, outbox),
  ];
}
