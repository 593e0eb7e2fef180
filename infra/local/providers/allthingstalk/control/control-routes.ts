import { clockRoutes } from '../../simulation/control/clock-routes.ts';
import type { ControlRoute } from '../../simulation/control/control-route.ts';
import { faultRoutes } from '../../simulation/control/fault-routes.ts';
import { journalRoutes } from '../../simulation/control/journal-routes.ts';
import { pageRoutes } from '../../simulation/control/page-routes.ts';
import type { Route } from '../../simulation/router.ts';
import { faultKinds } from '../faults/fault-kinds.ts';
import { Operation } from '../faults/operation.ts';
import { indexPage } from '../pages/index-page.ts';
import type { Controls } from './controls.ts';
import { deviceRoutes } from './device-routes.ts';
import { gatewayRoutes } from './gateway-routes.ts';
import { groundRoutes } from './ground-routes.ts';
import { ruleRoutes } from './rule-routes.ts';
import { settingRoutes } from './setting-routes.ts';
import { tokenRoutes } from './token-routes.ts';
import { userRoutes } from './user-routes.ts';

/** Everything under `/_sim/`, and the page that explains it. */
export function controlRoutes(controls: Controls): Route[] {
  const { world, timeline, journal, house } = controls;
  const { state, clock, faults } = world;
  const routes: ControlRoute[] = [
    ...groundRoutes(controls),
    ...deviceRoutes(controls),
    ...gatewayRoutes(world),
    ...userRoutes(world),
    ...tokenRoutes(world),
    ...ruleRoutes(controls),
    ...clockRoutes({ state, clock, timeline }),
    ...settingRoutes(world),
    ...faultRoutes({ state, faults, kinds: faultKinds, operation: Operation }),
    ...journalRoutes(journal),
  ];
  const page = () => {
    house.compute();
    return indexPage(world, routes);
  };
  return [...pageRoutes(page), ...routes];
}
