import * as z from 'zod';
import { type ControlRoute, control } from '../../simulation/control/control-route.ts';
import { Settings } from '../state.ts';
import type { Controls } from './controls.ts';

/** The application's registration, lifetimes, limits and rules. */
export function settingRoutes({ world: { state }, setReplyUrls }: Controls): ControlRoute[] {
  return [
    control('GET', '/application', {
      summary: 'the registered application with its credentials and callbacks',
      handle: () => state.application,
    }),
    control('POST', '/reply-urls', {
      summary: 'replaces the registered callbacks: {replyUrls: [...]}',
      body: z.strictObject({ replyUrls: z.array(z.string()) }),
      handle: ({ replyUrls }) => {
        setReplyUrls(replyUrls);
        return { replyUrls };
      },
    }),
    control('GET', '/settings', {
      summary: 'lifetimes, quotas, rules of webhooks',
      handle: () => state.settings,
    }),
    control('POST', '/settings', {
      summary:
        'changes them: {accessLifeSeconds?, userCallsPerTenSeconds?, userCallsPerHour?, applicationLimit?, quotaStatus?, concurrencyHoldMs?, webhookDeadlineMs?, banRule?, webhookPorts?, webhookScopes? …}',
      body: Settings.partial().strict(),
      handle: (changes) => Object.assign(state.settings, changes),
    }),
  ];
}
