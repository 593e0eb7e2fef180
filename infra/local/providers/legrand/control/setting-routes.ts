import * as z from 'zod';
import { type ControlRoute, control } from '../../simulation/control/control-route.ts';
import { Settings } from '../state.ts';
import type { Controls } from './controls.ts';

/** The application's registration, and the lifetimes. */
export function settingRoutes({ world: { state }, setReplyUrls }: Controls): ControlRoute[] {
  return [
    control('GET', '/application', {
      summary: 'the registered application with its credentials and reply URLs',
      handle: () => state.application,
    }),
    control('POST', '/reply-urls', {
      summary: 'replaces the registered reply URLs: {replyUrls: [at most 10]}',
      body: z.strictObject({ replyUrls: z.array(z.string()) }),
      handle: ({ replyUrls }) => {
        setReplyUrls(replyUrls);
        return { replyUrls };
      },
    }),
    control('GET', '/settings', { summary: 'rotation mode, lifetimes, quota', handle: () => state.settings }),
    control('POST', '/settings', {
      summary: 'changes them: {refreshMode?, accessLifeSeconds?, refreshLifeSeconds?, callsPerDay?}',
      body: Settings.partial().strict(),
      handle: (changes) => Object.assign(state.settings, changes),
    }),
  ];
}
