import { indexPage } from '../pages/index-page.ts';
import type { Route } from '../router.ts';
import type { Controls } from './controls.ts';
import { faultRoutes } from './fault-routes.ts';
import { homeRoutes } from './home-routes.ts';
import { settingRoutes } from './setting-routes.ts';
import { userRoutes } from './user-routes.ts';
import { webhookRoutes } from './webhook-routes.ts';

/** Everything under `/_sim/`, and the page that explains it. */
export function controlRoutes(controls: Controls): Route[] {
  const routes = [homeRoutes, userRoutes, settingRoutes, faultRoutes, webhookRoutes].flatMap((of) =>
    of(controls),
  );
  const handle = () => {
    controls.house.compute();
    return indexPage(controls.world, routes);
  };
  const pages = ['/', '/_sim', '/_sim/'].map((path) => ({ method: 'GET', path, handle }));
  return [...pages, ...routes];
}
